internal import NIOCore
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

@Suite struct StreamPrimitivesTests {
    @Test func queueHandsOverInOrderAndEnds() async throws {
        let queue = InboundQueue<Int>(size: { _ in 1 })
        queue.push(1)
        queue.push(2)
        queue.end()
        queue.push(3)
        #expect(try await queue.next() == 1)
        #expect(try await queue.next() == 2)
        #expect(try await queue.next() == nil)
        #expect(try await queue.next() == nil)
    }

    @Test func queueGivesWhatLiesInItBeforeItsFailure() async throws {
        let queue = InboundQueue<Int>(size: { _ in 1 })
        queue.push(1)
        queue.end(StreamError.reset("x"))
        #expect(try await queue.next() == 1)
        await #expect(throws: StreamError.reset("x")) { try await queue.next() }
    }

    @Test func waitingReaderIsCancelled() async throws {
        let queue = InboundQueue<Int>(size: { _ in 1 })
        let reader = Task { try await queue.next() }
        await Task.yield()
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        queue.push(7)
        #expect(try await queue.next() == 7)
    }

    @Test func creditIsGivenInOrder() async throws {
        let gate = CreditGate(credit: 0)
        async let sum = withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await gate.take(upTo: 10) } }
            return try await group.reduce(0, +)
        }
        for _ in 0..<500 { gate.add(1) }
        #expect(try await sum >= 50)
        gate.fail(StreamError.closed)
        await #expect(throws: StreamError.closed) { try await gate.take(upTo: 1) }
        #expect(!CreditGate(credit: 1).add(Int(Int32.max)))
    }

    @Test func frameWriterKeepsTheOrderAndPutsAnswersFirst() async throws {
        let (near, far) = PipeStream.pair()
        let writer = FrameWriter<UInt8> { frame, buffer in buffer.writeInteger(frame) }
        writer.postLast(1)
        writer.post(9)
        writer.postLast(2)
        writer.finish()
        await writer.run(to: near)
        near.closeWhenSent()
        #expect(Array(try await far.readAll(limit: 100).readableBytesView) == [9, 1, 2])
        await #expect(throws: StreamError.self) { try await writer.send(3) }
    }

    @Test func floodOfAnswersIsNoticed() {
        let writer = FrameWriter<UInt8> { frame, buffer in buffer.writeInteger(frame) }
        let taken = (0..<2000).filter { _ in writer.post(0) }.count
        #expect(taken == 1000)
    }

    @Test func writersOfABrokenCarrierFail() async throws {
        let (near, far) = PipeStream.pair(capacity: 10)
        let writer = FrameWriter<ByteBuffer> { frame, buffer in buffer.writeImmutableBuffer(frame) }
        async let running: Void = writer.run(to: near)
        let sending = Task { try await writer.send(ByteBuffer(repeating: 1, count: 100)) }
        #expect(try await far.read()?.readableBytes == 10)
        near.close()
        await #expect(throws: StreamError.self) { try await sending.value }
        await running
    }

    @Test func spliceJoinsBothDirectionsWithTheirEnds() async throws {
        let (client, left) = PipeStream.pair()
        let (right, server) = PipeStream.pair()
        async let splice: Void = StreamSplice.run(left, right)
        try await client.write("question")
        try await client.finish()
        #expect(String(buffer: try await server.readAll(limit: 100)) == "question")
        try await server.write("answer")
        try await server.finish()
        #expect(String(buffer: try await client.readAll(limit: 100)) == "answer")
        await splice
    }

    @Test func spliceEndsWhenOneSideBreaks() async throws {
        let (client, left) = PipeStream.pair()
        let (right, server) = PipeStream.pair()
        async let splice: Void = StreamSplice.run(left, right)
        client.close()
        await splice
        await #expect(throws: (any Error).self) { while try await server.read() != nil {} }
    }

    @Test func backoffDoublesWithJitterUpToItsLimit() {
        var backoff = Backoff(first: .seconds(1), limit: .seconds(4))
        #expect(backoff.next(random: 1) == .seconds(1))
        #expect(backoff.next(random: 0) == .seconds(1))
        #expect(backoff.next(random: 1) == .seconds(4))
        #expect(backoff.next(random: 1) == .seconds(4))
        backoff.reset()
        #expect(backoff.next(random: 0.5) == .milliseconds(750))
    }
}
