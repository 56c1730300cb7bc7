import NIOCore
import Synchronization
import Testing

@testable import EdgeRuntime

@Suite struct SharedTasksTests {
    @Test func secondCallerJoins() async throws {
        let shared = SharedTasks<String, Int>()
        let (started, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (gate, open) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let first = Task {
            try await shared.value(for: "a") {
                signal.yield()
                for await _ in gate { break }
                return 7
            }
        }
        for await _ in started { break }
        let second = Task { try await shared.value(for: "a") { 9 } }
        // The second is cancelled while the first goes on: it leaves, the work stays.
        second.cancel()
        await #expect(throws: CancellationError.self) { _ = try await second.value }
        open.yield()
        #expect(try await first.value == 7)
        #expect(try await shared.value(for: "a") { 8 } == 8)
    }

    @Test func workIsCancelledWithItsLastCaller() async throws {
        let shared = SharedTasks<String, Int>()
        let (started, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (ended, end) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        let caller = Task {
            try await shared.value(for: "a") {
                signal.yield()
                do { try await Task.sleep(for: .seconds(600)) } catch { end.yield(Task.isCancelled) }
                return 1
            }
        }
        for await _ in started { break }
        caller.cancel()
        await #expect(throws: CancellationError.self) { _ = try await caller.value }
        for await wasCancelled in ended {
            #expect(wasCancelled)
            break
        }
        #expect(try await shared.value(for: "a") { 2 } == 2)
    }

    @Test func slotsAreBounded() async throws {
        let slots = AsyncSlots(2)
        let running = Running()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await slots.with {
                        running.enter()
                        await Task.yield()
                        running.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(running.most <= 2)
        #expect(running.now == 0)
    }

    private final class Running: Sendable {
        private let count = Mutex((now: 0, most: 0))

        var now: Int { count.withLock { $0.now } }
        var most: Int { count.withLock { $0.most } }

        func enter() {
            count.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
        }

        func leave() { count.withLock { $0.now -= 1 } }
    }

    @Test func cancelledWaiterLeavesTheQueue() async throws {
        let slots = AsyncSlots(1)
        try await slots.with {
            let waiter = Task { try await slots.with {} }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
        }
        try await slots.with {}
    }
}

@Suite struct BytePipeTests {
    private let threads = ImageThreadPool(maximumThreads: 1)

    @Test func carriesEverythingInOrder() async throws {
        let pipe = BytePipe()
        async let reading = threads.run {
            var total: [UInt8] = []
            while let buffer = try pipe.read() { total += buffer.readableBytesView }
            return total
        }
        var expected: [UInt8] = []
        for index in 0..<100 {
            let part = [UInt8](repeating: UInt8(index), count: 50_000)
            expected += part
            #expect(try await pipe.write(ByteBuffer(bytes: part)))
        }
        pipe.finish()
        #expect(try await reading == expected)
    }

    @Test func readerThatGoesStopsTheWriter() async throws {
        let pipe = BytePipe()
        let writer = Task {
            var count = 0
            while try await pipe.write(ByteBuffer(repeating: 1, count: 300_000)) { count += 1 }
            return count
        }
        #expect(try await threads.run { try pipe.read() } != nil)
        pipe.closeReader()
        #expect(try await writer.value <= 6)
    }

    @Test func errorReachesTheReader() async throws {
        let pipe = BytePipe()
        _ = try await pipe.write(ByteBuffer(string: "x"))
        pipe.finish(.failure(ImageError(.network, "gone")))
        await #expect(throws: ImageError.self) { try await threads.run { _ = try pipe.read() } }
    }

    @Test func waitingWriterCanBeCancelled() async throws {
        let pipe = BytePipe()
        let writer = Task {
            while true { _ = try await pipe.write(ByteBuffer(repeating: 1, count: 1 << 20)) }
        }
        writer.cancel()
        await #expect(throws: CancellationError.self) { try await writer.value }
    }
}
