internal import NIOCore
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

@Suite struct TunnelSessionTests {
    /// An agent that reaches echo servers: what is written to a stream comes back, and its end as well.
    private func withTunnel(
        settings: TunnelSession.Settings = TunnelSession.Settings(),
        dial: @escaping @Sendable (String) async throws -> any ByteStream = { target in
            guard target.hasPrefix("echo") else { throw StreamError.reset("not allowed: \(target)") }
            let (near, far) = PipeStream.pair()
            Task {
                while let bytes = try? await far.read() { try? await far.write(bytes) }
                try? await far.finish()
            }
            return near
        },
        _ body: @Sendable (TunnelSession) async throws -> Void
    ) async throws {
        let (near, far) = PipeStream.pair()
        let server = TunnelSession(carrier: near, role: .server, settings: settings) { _ in
            throw StreamError.closed
        }
        let agent = TunnelSession(carrier: far, role: .agent, settings: settings, dial: dial)
        let running = [Task { await server.run() }, Task { await agent.run() }]
        try await body(server)
        server.goAway("done")
        for task in running { _ = await task.value }
        #expect(server.isOver && agent.isOver)
        #expect(server.streamCount == 0 && agent.streamCount == 0)
    }

    @Test func manyStreamsAtOnce() async throws {
        try await withTunnel { tunnel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        let stream = try await tunnel.open("echo:\(index)")
                        let text = String(repeating: "\(index),", count: 20_000)
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

    @Test func refusalHasItsReason() async throws {
        try await withTunnel { tunnel in
            await #expect(throws: StreamError.self) { try await tunnel.open("other:1") }
            do {
                _ = try await tunnel.open("other:1")
            } catch let error as StreamError {
                #expect(error.description.contains("not allowed: other:1"))
            }
        }
    }

    @Test func halfClose() async throws {
        try await withTunnel { tunnel in
            let stream = try await tunnel.open("echo:1")
            try await stream.write("last words")
            try await stream.finish()
            await #expect(throws: (any Error).self) { try await stream.write("more") }
            #expect(String(buffer: try await stream.readAll(limit: 100)) == "last words")
        }
    }

    /// The other side does not read: this one can send a window and no more, other streams go on.
    @Test func backpressure() async throws {
        var settings = TunnelSession.Settings()
        settings.window = 16 * 1024
        let sunk = Mutex<[PipeStream]>([])
        try await withTunnel(settings: settings) { target in
            let (near, far) = PipeStream.pair(capacity: target == "sink:1" ? 1 : 64 * 1024)
            if target == "sink:1" {
                sunk.withLock { $0.append(far) }
            } else {
                Task { while let bytes = try? await far.read() { try? await far.write(bytes) } }
            }
            return near
        } _: { tunnel in
            let stuck = try await tunnel.open("sink:1")
            let sent = Mutex(0)
            let writer = Task {
                for _ in 0..<100 {
                    try await stuck.write(ByteBuffer(repeating: 1, count: 1024))
                    sent.withLock { $0 += 1024 }
                }
            }
            let echo = try await tunnel.open("echo:1")
            for _ in 0..<20 {
                try await echo.write("ping")
                #expect(try await echo.read() == ByteBuffer(string: "ping"))
            }
            // One window lies unread at the peer, what it took out of it (a half at most) may have been sent
            // again.
            #expect(sent.withLock { $0 } <= 32 * 1024)
            stuck.close()
            await #expect(throws: (any Error).self) { try await writer.value }
        }
    }

    @Test func resetEndsBothDirections() async throws {
        let reached = Mutex<PipeStream?>(nil)
        try await withTunnel(dial: { _ in
            let (near, far) = PipeStream.pair()
            reached.withLock { $0 = far }
            return near
        }) { tunnel in
            let stream = try await tunnel.open("x:1")
            stream.close()
            let far = try #require(reached.withLock { $0 })
            await #expect(throws: (any Error).self) { while try await far.read() != nil {} }
        }
    }

    @Test(arguments: [
        "07 00000000 00000008 0000000000000001   ; a ping instead of a greeting",
        "00 00000000 0000000c 65646774756e00 02 00010000   ; wrong magic",
        "00 00000000 0000000c 65646765 74756e 02 00010000   ; version 2",
        "00 00000000 0000000c 65646765 74756e 01 00010000 01 00000002 00000001 78   ; stream of wrong parity",
    ])
    func badPeersEndTheSession(_ text: String) async throws {
        let (near, far) = PipeStream.pair()
        let agent = TunnelSession(carrier: near, role: .agent) { _ in throw StreamError.closed }
        let running = Task { await agent.run() }
        try await far.write(ByteBuffer(bytes: hex(text)))
        #expect(await running.value is StreamError)
    }

    @Test func silentPeerIsGivenUp() async throws {
        var settings = TunnelSession.Settings()
        settings.pingInterval = .milliseconds(5)
        settings.silenceLimit = .milliseconds(20)
        let (near, far) = PipeStream.pair()
        let agent = TunnelSession(carrier: near, role: .agent, settings: settings) { _ in
            throw StreamError.closed
        }
        let error = await agent.run()
        #expect("\(error)".contains("silent"))
        far.close()
    }
}
