internal import EdgeBase
internal import NIOCore
internal import NIOEmbedded
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

/// A pulled body that gives what a test puts into it.
final class ScriptedBody: PulledBody {
    struct State {
        var pending: [String] = []
        var isEnded = false
        var isCancelled = false
        var pulls = 0
        var wake: (@Sendable () -> Void)?
    }

    let state = Mutex(State())

    func start(wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    func pull(into buffer: inout ByteBuffer, limit: Int) -> PullResult {
        state.withLock { state in
            state.pulls += 1
            while buffer.readableBytes < limit, !state.pending.isEmpty {
                buffer.writeString(state.pending.removeFirst())
            }
            if !state.pending.isEmpty { return .more }
            return state.isEnded ? .end : .wait
        }
    }

    func cancel() { state.withLock { $0.isCancelled = true } }

    func add(_ texts: String..., end: Bool = false) {
        let wake = state.withLock { state in
            state.pending += texts
            state.isEnded = end
            return state.wake
        }
        wake?()
        wake?()
    }
}

@Suite struct HTTPServerStreamingTests {
    private func server(_ body: ScriptedBody) throws -> EmbeddedServer {
        try EmbeddedServer { request in
            request.path == "/"
                ? .now(HTTPServerResponse(200, body: .pulled(body))) : .now(.text(200, "next"))
        }
    }

    @Test func pulledBodyIsChunkedAndCoalesced() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try server.received() == "HTTP/1.1 200 OK\r\n\(date)Transfer-Encoding: chunked\r\n\r\n")
        body.add("one,", "two,")
        body.add("three")
        // Five wakes, one chunk: the loop had not run yet.
        server.channel.embeddedEventLoop.run()
        #expect(try server.received() == "d\r\none,two,three\r\n")
        body.add("!", end: true)
        server.channel.embeddedEventLoop.run()
        #expect(try server.received() == "1\r\n!\r\n0\r\n\r\n")
        try server.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try server.received().hasSuffix("next"))
        #expect(!body.state.withLock { $0.isCancelled })
    }

    @Test func oldClientsGetTheBytesUntilTheEndOfTheConnection() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("GET / HTTP/1.0\r\n\r\n")
        body.add("abc", end: true)
        server.channel.embeddedEventLoop.run()
        #expect(try server.received() == "HTTP/1.1 200 OK\r\n\(date)Connection: close\r\n\r\nabc")
        #expect(!server.channel.isActive)
    }

    @Test func notPulledWhileTheClientDoesNotRead() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let pulls = body.state.withLock { $0.pulls }
        server.channel.isWritable = false
        server.channel.pipeline.fireChannelWritabilityChanged()
        body.add("abc")
        server.channel.embeddedEventLoop.run()
        #expect(body.state.withLock { $0.pulls } == pulls)
        server.channel.isWritable = true
        server.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try server.received().hasSuffix("3\r\nabc\r\n"))
    }

    @Test func cancelledWhenTheClientGoes() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try server.channel.finish(acceptAlreadyClosed: true)
        #expect(body.state.withLock { $0.isCancelled })
    }

    @Test func shutdownEndsStreamsInAnOrderlyWay() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try server.received()
        server.handler.shutDown()
        #expect(try server.received() == "0\r\n\r\n")
        #expect(body.state.withLock { $0.isCancelled })
        #expect(!server.channel.isActive)
    }

    @Test func headOfAStreamDoesNotStartIt() throws {
        let body = ScriptedBody()
        let server = try server(body)
        try server.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try server.received() == "HTTP/1.1 200 OK\r\n\(date)\r\n")
        #expect(body.state.withLock { $0.wake == nil && $0.isCancelled })
    }
}
