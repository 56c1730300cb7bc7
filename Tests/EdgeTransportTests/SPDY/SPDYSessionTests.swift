internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct SPDYSessionTests {
    /// Runs a client and a server session against each other until the client's closure returns.
    private func connect(
        flowControl: Bool = false, window: Int = 256 * 1024,
        server: @escaping @Sendable (SPDYSession) async throws -> Void,
        client: @escaping @Sendable (SPDYSession) async throws -> Void
    ) async throws {
        let (near, far) = PipeStream.pair()
        let settings = SPDYSession.Settings(usesFlowControl: flowControl, window: window, maximumStreams: 10)
        let clientSession = try SPDYSession(carrier: near, role: .client, settings: settings)
        let serverSession = try SPDYSession(carrier: far, role: .server, settings: settings)
        let failures = Collected()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await serverSession.run {
                    do { try await server(serverSession) } catch { failures.add("server: \(error)") }
                }
            }
            group.addTask {
                await clientSession.run {
                    do { try await client(clientSession) } catch { failures.add("client: \(error)") }
                }
            }
        }
        #expect(failures.all == [])
    }

    private let echo: @Sendable (SPDYSession) async throws -> Void = { session in
        await withTaskGroup(of: Void.self) { group in
            while let stream = try? await session.accept() {
                group.addTask {
                    try? await stream.reply(["x-type": stream.headers["StreamType"] ?? ""])
                    while let bytes = try? await stream.read() { try? await stream.write(bytes) }
                    try? await stream.finish()
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func streamsEcho(_ flowControl: Bool) async throws {
        try await connect(flowControl: flowControl, window: 64 * 1024, server: echo) { session in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<5 {
                    group.addTask {
                        let stream = try await session.open(["streamtype": "data", "number": "\(index)"])
                        try await stream.waitForReply()
                        let text = String(repeating: "\(index)", count: 300_000)
                        async let answer = stream.readAll(limit: 1_000_000)
                        try await stream.write(text)
                        try await stream.finish()
                        #expect(String(buffer: try await answer) == text)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// With flow control a stream that nobody reads holds up neither its session nor more memory than its
    /// window.
    @Test func unreadStreamDoesNotBlockOthers() async throws {
        try await connect(flowControl: true, window: 32 * 1024) { session in
            let unread = try #require(try await session.accept())
            try await unread.reply()
            let other = try #require(try await session.accept())
            try await other.reply()
            let text = try await other.readAll(limit: 100)
            #expect(String(buffer: text) == "through")
            #expect(try await unread.read() != nil)
            try await other.finish()
        } client: { session in
            let unread = try await session.open(["name": "unread"])
            let stuck = Task { try await unread.write(ByteBuffer(repeating: 1, count: 1_000_000)) }
            let other = try await session.open(["name": "other"])
            try await other.write("through")
            try await other.finish()
            #expect(try await other.read() == nil)
            unread.close()
            await #expect(throws: (any Error).self) { try await stuck.value }
        }
    }

    @Test func resetReachesTheOtherSide() async throws {
        try await connect { session in
            let stream = try #require(try await session.accept())
            stream.reset(.refusedStream)
            _ = try await session.accept()
        } client: { session in
            let stream = try await session.open([:])
            await #expect(throws: StreamError.self) { try await stream.waitForReply() }
            await #expect(throws: StreamError.self) { try await stream.write("x") }
        }
    }

    @Test func tooManyStreamsAreRefused() async throws {
        try await connect { session in
            while let stream = try await session.accept() { try await stream.reply() }
        } client: { session in
            for _ in 0..<10 { try await session.open([:]).waitForReply() }
            let surplus = try await session.open([:])
            await #expect(throws: StreamError.self) { try await surplus.waitForReply() }
        }
    }

    @Test func endOfTheSessionEndsItsStreams() async throws {
        try await connect { session in
            let stream = try #require(try await session.accept())
            try await stream.reply()
        } client: { session in
            let stream = try await session.open([:])
            await #expect(throws: (any Error).self) { while try await stream.read() != nil {} }
        }
    }
}
