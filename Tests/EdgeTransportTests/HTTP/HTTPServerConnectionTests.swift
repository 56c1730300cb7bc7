internal import EdgeBase
internal import NIOCore
internal import NIOEmbedded
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

/// The server's handler on an embedded channel: no sockets, no time.
struct EmbeddedServer {
    let channel: EmbeddedChannel
    let handler: HTTPServerConnection

    init(
        settings: HTTPServerSettings = HTTPServerSettings(),
        _ body: @escaping @Sendable (HTTPServerRequest) -> HTTPHandling
    ) throws {
        channel = EmbeddedChannel()
        handler = HTTPServerConnection(
            handler: ClosureHandler(body), settings: settings,
            connection: HTTPConnection(peerAddress: nil, peerPort: 0, isEncrypted: false),
            date: HTTPDate(clock: FixedClock(now: Timestamp(seconds: 784_111_777))),
            eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
    }

    func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    /// Everything that was sent since the last call.
    func received() throws -> String {
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }
}

let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

@Suite struct HTTPServerConnectionTests {
    private let echo: @Sendable (HTTPServerRequest) -> HTTPHandling = { request in
        .now(.text(200, "\(request.method) \(request.rawTarget) \(String(buffer: request.body))"))
    }

    @Test func answersARequest() throws {
        let server = try EmbeddedServer(echo)
        try server.send("GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(
            try server.received()
                == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\(date)Content-Length: 9\r\n\r\nGET /a?b "
        )
        #expect(server.channel.isActive)
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        let server = try EmbeddedServer(echo)
        try server.send(
            "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\nHost: h\r\n\r\n"
        )
        let text = try server.received()
        let bodies = text.split(separator: "\r\n\r\n").map { $0.prefix { $0 != "\r\n" } }
        #expect(bodies.dropFirst().map { $0.prefix(7) } == ["GET /1 ", "POST /2", "GET /3 "])
        #expect(text.contains("POST /2 abc"))
    }

    @Test(arguments: ["HEAD", "GET"])
    func headHasNoBody(_ method: String) throws {
        let server = try EmbeddedServer { _ in .now(.text(200, "hello")) }
        try server.send("\(method) / HTTP/1.1\r\nHost: h\r\n\r\n")
        let text = try server.received()
        #expect(text.contains("Content-Length: 5\r\n"))
        #expect(text.hasSuffix(method == "HEAD" ? "\r\n\r\n" : "\r\n\r\nhello"))
    }

    @Test func chunkedRequestBody() throws {
        let server = try EmbeddedServer(echo)
        try server.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        #expect(try server.received() == "")
        try server.send("2\r\nde\r\n0\r\n\r\n")
        #expect(try server.received().hasSuffix("PUT / abcde"))
    }

    @Test func continueIsSentWhenTheBodyIsWaitedFor() throws {
        let server = try EmbeddedServer(echo)
        try server.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(try server.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try server.send("ab")
        #expect(try server.received().hasSuffix("PUT / ab"))
    }

    enum Bad: CaseIterable {
        case largeBody, noHTTP, longHead

        var text: String {
            switch self {
            case .largeBody:
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\nExpect: 100-continue\r\n\r\n"
            case .noHTTP: "garbage\r\n\r\n"
            case .longHead: "GET / HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "a", count: 70000)
            }
        }

        var status: Int {
            switch self {
            case .largeBody: 413
            case .noHTTP: 400
            case .longHead: 431
            }
        }
    }

    @Test(arguments: Bad.allCases)
    func rejections(_ bad: Bad) throws {
        let server = try EmbeddedServer(echo)
        try server.send(bad.text)
        let answer = try server.received()
        #expect(answer.hasPrefix("HTTP/1.1 \(bad.status) "))
        #expect(answer.contains("Connection: close\r\n"))
        // What the client still sends is dropped.
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try server.received() == "")
    }

    @Test func chunkedBodyOverTheLimitIsRejected() throws {
        let server = try EmbeddedServer(echo)
        try server.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "100000\r\n" + String(repeating: "x", count: 0x100000) + "\r\n"
        for _ in 0..<4 { try server.send(chunk) }
        #expect(try server.received().hasPrefix("HTTP/1.1 413 "))
    }

    @Test(arguments: [("1.0", ""), ("1.1", "Connection: close\r\n")])
    func closesWhenAsked(_ version: String, _ header: String) throws {
        let server = try EmbeddedServer(echo)
        try server.send("GET / HTTP/\(version)\r\nHost: h\r\n\(header)\r\n")
        #expect(try server.received().contains("Connection: close\r\n"))
        #expect(!server.channel.isActive)
    }

    @Test func responseHeadersCannotBeForged() throws {
        let server = try EmbeddedServer { _ in
            .now(HTTPServerResponse(200, headers: ["X-A": "a\r\nX-B: b", "X C": "c", "X-D": "d"]))
        }
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try server.received() == "HTTP/1.1 200 OK\r\nX-D: d\r\n\(date)Content-Length: 0\r\n\r\n")
    }

    @Test func manyPieces() throws {
        let pieces = HTTPBodyPieces(
            (0..<1000).map { Array("\($0),".utf8) + Array(repeating: 0x20, count: 500) })
        let server = try EmbeddedServer { _ in .now(HTTPServerResponse(200, body: .pieces(pieces))) }
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let text = try server.received()
        let body = text.split(separator: "\r\n\r\n", maxSplits: 1)[1]
        #expect(body.utf8.count == pieces.count)
        #expect(
            body.split(separator: ",").map { $0.drop { $0 == " " } }.dropLast().map { Int($0) }
                == Array(0..<1000))
    }

    /// What a client does, and when the connection ends: silence, half a head, half a body, a request and
    /// silence.
    @Test(
        arguments: [
            ([], 15), (["GET / HTTP/1.1\r\n"], 15),
            (["PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "a", "b"], 60),
            (["GET / HTTP/1.1\r\nHost: h\r\n\r\n"], 120),
        ] as [([String], Int64)])
    func slowClients(_ texts: [String], _ seconds: Int64) throws {
        let server = try EmbeddedServer(echo)
        let loop = server.channel.embeddedEventLoop
        for text in texts { try server.send(text) }
        loop.advanceTime(by: .seconds(seconds - 1))
        #expect(server.channel.isActive)
        loop.advanceTime(by: .seconds(3))
        #expect(!server.channel.isActive)
    }

    @Test func drippingDoesNotMoveTheDeadline() throws {
        let server = try EmbeddedServer(echo)
        for letter in "GET / HTTP/1.1\r\nHost" where server.channel.isActive {
            try server.send(String(letter))
            server.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        }
        #expect(!server.channel.isActive)
    }

    @Test func requestsAtWorkHaveNoDeadline() throws {
        let server = try EmbeddedServer { _ in .later { await withUnsafeContinuation { _ in } } }
        try server.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        server.channel.embeddedEventLoop.advanceTime(by: .hours(5))
        #expect(server.channel.isActive)
    }

    @Test func tasksOnTheLoopAnswerFromIt() throws {
        let server = try EmbeddedServer { request in
            .onLoop { .text(200, request.body.readableBytes == 4 ? "four" : "none") }
        }
        for body in ["abcd", "abcd"] {
            try server.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\(body)")
            #expect(try server.received().isEmpty)
            server.channel.embeddedEventLoop.run()
            #expect(try server.received().hasSuffix("\r\n\r\nfour"))
        }
    }
}
