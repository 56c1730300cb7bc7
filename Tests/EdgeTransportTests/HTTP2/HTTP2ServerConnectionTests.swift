internal import EdgeBase
internal import NIOCore
internal import NIOEmbedded
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

/// An HTTP/2 connection on an embedded channel, and the client's half of it.
final class EmbeddedHTTP2 {
    struct Frame: Equatable, CustomStringConvertible {
        let kind: UInt8
        let flags: UInt8
        let stream: UInt32
        let payload: [UInt8]

        var description: String { "(\(kind) \(flags) \(stream) \(payload.count))" }
        var text: String { String(decoding: payload, as: UTF8.self) }
    }

    let channel = EmbeddedChannel()
    let connection: HTTP2ServerConnection
    /// `:method: GET`, `:scheme: https`, `:path: /`.
    static let get: [UInt8] = [0x82, 0x87, 0x84]
    static let post: [UInt8] = [0x83, 0x87, 0x84]

    init(
        settings: HTTPServerSettings = HTTPServerSettings(), preface: Bool = true,
        _ body: @escaping @Sendable (HTTPServerRequest) -> HTTPHandling
    ) throws {
        connection = HTTP2ServerConnection(
            handler: ClosureHandler(body), settings: settings,
            connection: HTTPConnection(peerAddress: nil, peerPort: 0, isEncrypted: false),
            date: HTTPDate(clock: FixedClock(now: Timestamp(seconds: 784_111_777))),
            eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        guard preface else { return }
        var buffer = ByteBuffer(string: HTTP2ServerConnection.preface)
        buffer.writeSettings([])
        try channel.writeInbound(buffer)
        _ = try frames()
    }

    func send(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) throws {
        var buffer = ByteBuffer()
        buffer.writeFrameHeader(kind, length: payload.count, flags: flags, stream: stream)
        buffer.writeBytes(payload)
        try channel.writeInbound(buffer)
    }

    /// A request without a body.
    func request(_ stream: UInt32, _ block: [UInt8] = get) throws {
        try send(HTTP2FrameHeader.Kind.headers, flags: 0x5, stream: stream, block)
    }

    func open(window: Int, stream: UInt32) throws {
        try send(
            HTTP2FrameHeader.Kind.windowUpdate, stream: stream,
            [0, UInt8(window >> 16), UInt8(window >> 8 & 0xff), UInt8(window & 0xff)])
    }

    func frames() throws -> [Frame] {
        var bytes = ByteBuffer()
        while var part = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeBuffer(&part) }
        var frames: [Frame] = []
        while let header = HTTP2FrameHeader(peeking: bytes) {
            bytes.moveReaderIndex(forwardBy: HTTP2FrameHeader.size)
            frames.append(
                Frame(
                    kind: header.kind, flags: header.flags, stream: header.stream,
                    payload: bytes.readBytes(length: header.length) ?? []))
        }
        return frames
    }

    /// The error code of the GOAWAY that ended the connection.
    func goAwayCode() throws -> UInt8? {
        try frames().last { $0.kind == HTTP2FrameHeader.Kind.goAway }?.payload[7]
    }
}

@Suite struct HTTP2ServerConnectionTests {
    private typealias Kind = HTTP2FrameHeader.Kind

    private static let echo: @Sendable (HTTPServerRequest) -> HTTPHandling = { request in
        .now(.text(200, "\(request.method) \(request.rawTarget) \(String(buffer: request.body))"))
    }

    @Test func answersARequest() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.request(1)
        let frames = try server.frames()
        #expect(frames.map(\.kind) == [Kind.headers, Kind.data])
        #expect(frames.map(\.flags) == [0x4, 0x1])
        #expect(frames.last?.text == "GET / ")
        #expect(server.connection.streams.isEmpty)
    }

    @Test func collectsABodyAndChecksItsLength() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        let block = EmbeddedHTTP2.post + [0x0f, 0x0d, 1, UInt8(ascii: "6")]
        try server.send(Kind.headers, flags: 0x4, stream: 1, block)
        try server.send(Kind.data, stream: 1, Array("abc".utf8))
        try server.send(Kind.data, flags: 0x8 | 0x1, stream: 1, [2] + Array("def".utf8) + [0, 0])
        #expect(try server.frames().last?.text == "POST / abcdef")
        try server.send(Kind.headers, flags: 0x4, stream: 3, block)
        try server.send(Kind.data, flags: 0x1, stream: 3, Array("abc".utf8))
        #expect(
            try server.frames() == [
                .init(kind: Kind.resetStream, flags: 0, stream: 3, payload: [0, 0, 0, 1])
            ])
    }

    @Test func refusesTooLargeBodies() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        let block = EmbeddedHTTP2.post + [0x0f, 0x0d, 8] + Array("99999999".utf8)
        try server.send(Kind.headers, flags: 0x4, stream: 1, block)
        let frames = try server.frames()
        #expect(frames.map(\.kind) == [Kind.headers, Kind.data])
        #expect(frames.first?.payload.prefix(5).elementsEqual([0x08, 3] + Array("413".utf8)) == true)
        // What was on its way is dropped without harm, and the rest is declined a moment later.
        try server.send(Kind.data, stream: 1, Array("abc".utf8))
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try server.frames().map(\.kind) == [Kind.resetStream])
        #expect(server.channel.isActive)
    }

    @Test func takesHeadersInSeveralFrames() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.send(Kind.headers, flags: 0x1, stream: 1, [0x82])
        try server.send(Kind.continuation, stream: 1, [0x87])
        try server.send(Kind.continuation, flags: 0x4, stream: 1, [0x84])
        #expect(try server.frames().last?.text == "GET / ")
    }

    @Test(
        arguments: [
            [0x82, 0x87], [0x82, 0x84, 0x87, 0x82], [0x82, 0x84, 0x87, 0, 1, 0x41, 1, 0x62],
            [0x82, 0x84, 0x87, 0, 2, 0x74, 0x65, 1, 0x62],
        ] as [[UInt8]])
    func resetsMalformedRequests(block: [UInt8]) throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.request(1, block)
        #expect(
            try server.frames() == [
                .init(kind: Kind.resetStream, flags: 0, stream: 1, payload: [0, 0, 0, 1])
            ])
        try server.request(3)
        #expect(try server.frames().last?.text == "GET / ")
    }

    @Test func respectsBothWindows() throws {
        let server = try EmbeddedHTTP2 { _ in
            .now(HTTPServerResponse(200, body: .bytes([UInt8](repeating: 0x61, count: 100_000))))
        }
        try server.request(1)
        var sent = try server.frames().filter { $0.kind == Kind.data }.map(\.payload.count).reduce(0, +)
        #expect(sent == 65535)
        try server.open(window: 10, stream: 1)
        #expect(try server.frames().isEmpty)
        try server.open(window: 20000, stream: 0)
        sent += try server.frames().filter { $0.kind == Kind.data }.map(\.payload.count).reduce(0, +)
        #expect(sent == 65545)
        try server.open(window: 100_000, stream: 1)
        sent += try server.frames().filter { $0.kind == Kind.data }.map(\.payload.count).reduce(0, +)
        #expect(sent == 85535)
        try server.open(window: 100_000, stream: 0)
        let rest = try server.frames()
        #expect(rest.last?.flags == 0x1)
        #expect(sent + rest.map(\.payload.count).reduce(0, +) == 100_000)
    }

    @Test func streamsAreACursor() throws {
        let body = ScriptedBody()
        let server = try EmbeddedHTTP2 { _ in .now(HTTPServerResponse(200, body: .pulled(body))) }
        // A window of eight bytes for each stream.
        try server.send(Kind.settings, [0, 4, 0, 0, 0, 8])
        _ = try server.frames()
        try server.request(1)
        body.add("one,", "two,")
        body.add("three,", "four")
        server.channel.embeddedEventLoop.run()
        #expect(try server.frames().last?.text == "one,two,")
        let pulls = body.state.withLock { $0.pulls }
        body.add("five")
        server.channel.embeddedEventLoop.run()
        #expect(body.state.withLock { $0.pulls } == pulls)
        // An element larger than the window waits for the rest of it.
        try server.open(window: 3, stream: 1)
        #expect(try server.frames().last?.text == "thr")
        try server.open(window: 100, stream: 1)
        #expect(try server.frames().map(\.text).joined() == "ee,fourfive")
        body.add("!", end: true)
        server.channel.embeddedEventLoop.run()
        #expect(try server.frames() == [.init(kind: Kind.data, flags: 1, stream: 1, payload: [0x21])])
    }

    @Test func cancelledStreamsStopTheirWork() throws {
        let body = ScriptedBody()
        let server = try EmbeddedHTTP2 { _ in .now(HTTPServerResponse(200, body: .pulled(body))) }
        try server.request(1)
        try server.send(Kind.resetStream, stream: 1, [0, 0, 0, 8])
        #expect(body.state.withLock { $0.isCancelled })
        #expect(server.connection.streams.isEmpty)
    }

    @Test func watchersOfOneConnectionShareAWrite() throws {
        let bodies = (0..<100).map { _ in ScriptedBody() }
        let next = Mutex(0)
        let server = try EmbeddedHTTP2 { _ in
            let index = next.withLock { next in
                next += 1
                return next - 1
            }
            return .now(HTTPServerResponse(200, body: .pulled(bodies[index])))
        }
        for index in 0..<100 { try server.request(UInt32(2 * index + 1)) }
        _ = try server.frames()
        for body in bodies { body.add("event") }
        server.channel.embeddedEventLoop.run()
        let buffer = try server.channel.readOutbound(as: ByteBuffer.self)
        #expect(buffer?.readableBytes == 100 * (9 + 5))
    }

    @Test func waitsWhileTheSocketIsFull() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        server.channel.isWritable = false
        try server.request(1)
        try server.request(3)
        #expect(try server.frames().isEmpty)
        #expect(server.connection.streams.count == 2)
        server.channel.isWritable = true
        server.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try server.frames().map(\.stream) == [1, 3, 1, 3])
    }

    @Test func limitsStreams() throws {
        var settings = HTTPServerSettings()
        settings.maximumStreams = 2
        let server = try EmbeddedHTTP2(settings: settings) { _ in
            .now(HTTPServerResponse(200, body: .pulled(ScriptedBody())))
        }
        for stream: UInt32 in [1, 3, 5] { try server.request(stream) }
        #expect(
            try server.frames().last
                == .init(kind: Kind.resetStream, flags: 0, stream: 5, payload: [0, 0, 0, 7]))
    }

    @Test func cutsOffFloods() throws {
        let floods: [(EmbeddedHTTP2, UInt32) throws -> Void] = [
            { server, _ in try server.send(Kind.ping, [UInt8](repeating: 0, count: 8)) },
            { server, _ in try server.send(Kind.settings) },
            { server, _ in try server.send(Kind.data, stream: 1) },
            { server, _ in try server.send(Kind.priority, stream: 1, [0, 0, 0, 0, 1]) },
            { server, index in
                try server.request(2 * index + 3)
                try server.send(Kind.resetStream, stream: 2 * index + 3, [0, 0, 0, 8])
            },
        ]
        for flood in floods {
            let server = try EmbeddedHTTP2 { _ in .now(HTTPServerResponse(200, body: .pulled(ScriptedBody())))
            }
            try server.send(Kind.headers, flags: 0x4, stream: 1, EmbeddedHTTP2.post)
            _ = try server.frames()
            var index: UInt32 = 0
            while server.connection.phase == .open, index < 10_000 {
                try flood(server, index)
                index += 1
            }
            #expect(index < 5000)
            #expect(try server.goAwayCode() == 11)
        }
    }

    @Test func refusesEndlessHeaders() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.send(Kind.headers, flags: 0x1, stream: 1, [0x82])
        for _ in 0..<20 where server.connection.phase == .open {
            try server.send(Kind.continuation, stream: 1)
        }
        #expect(try server.goAwayCode() == 11)
    }

    /// A block that unpacks into far more than it is: 4,000 references to one long field.
    @Test func answersHeaderBombsWith431() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        let value = [UInt8](repeating: 0x61, count: 3000)
        var block = EmbeddedHTTP2.get + [0x40, 1, 0x78, 0x7f, 0xb9, 0x16] + value
        block += [UInt8](repeating: 0xbe, count: 4000)
        try server.request(1, block)
        #expect(try server.frames().first?.payload.prefix(5) == [0x08, 3] + Array("431".utf8))
        // The tables of both sides still agree.
        try server.request(3, EmbeddedHTTP2.get + [0xbe])
        #expect(try server.frames().last?.text == "GET / ")
    }

    @Test(
        arguments: [
            (HTTP2FrameHeader.Kind.data, 0, [], 1), (HTTP2FrameHeader.Kind.headers, 2, [0x82], 1),
            (HTTP2FrameHeader.Kind.headers, 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 9),
            (HTTP2FrameHeader.Kind.settings, 0, [1], 6), (HTTP2FrameHeader.Kind.ping, 0, [1], 6),
            (HTTP2FrameHeader.Kind.windowUpdate, 0, [0, 0, 0, 0], 1),
            (HTTP2FrameHeader.Kind.windowUpdate, 0, [0x7f, 0xff, 0xff, 0xff], 3),
            (HTTP2FrameHeader.Kind.pushPromise, 1, [], 1), (HTTP2FrameHeader.Kind.continuation, 1, [], 1),
            (HTTP2FrameHeader.Kind.resetStream, 5, [0, 0, 0, 0], 1),
        ] as [(UInt8, UInt32, [UInt8], UInt8)])
    func endsTheConnectionOn(kind: UInt8, stream: UInt32, payload: [UInt8], code: UInt8) throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.send(kind, flags: kind == HTTP2FrameHeader.Kind.headers ? 0x5 : 0, stream: stream, payload)
        #expect(try server.goAwayCode() == code)
        #expect(!server.channel.isActive)
    }

    @Test func upgradesNeedTheOldProtocol() throws {
        let server = try EmbeddedHTTP2 { _ in .upgrade(HTTPUpgrade(protocolName: "x") { _ in }) }
        try server.request(1)
        #expect(
            try server.frames().last
                == .init(kind: Kind.resetStream, flags: 0, stream: 1, payload: [0, 0, 0, 13]))
    }

    @Test func shutdownEndsStreamsAndSaysGoodbye() throws {
        let body = ScriptedBody()
        let server = try EmbeddedHTTP2 { request in
            .now(HTTPServerResponse(200, body: .pulled(body)))
        }
        try server.request(1)
        _ = try server.frames()
        server.connection.shutDown()
        let frames = try server.frames()
        #expect(frames.map(\.kind) == [Kind.goAway, Kind.ping, Kind.data])
        #expect(frames.last == .init(kind: Kind.data, flags: 1, stream: 1, payload: []))
        #expect(body.state.withLock { $0.isCancelled })
        #expect(server.channel.isActive)
        try server.send(Kind.ping, flags: 1, frames[1].payload)
        #expect(try server.frames().last?.payload == [0, 0, 0, 1, 0, 0, 0, 0])
        #expect(!server.channel.isActive)
    }

    @Test func idleConnectionsEnd() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.request(1)
        _ = try server.frames()
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(121))
        #expect(try server.goAwayCode() == 0)
        #expect(!server.channel.isActive)
    }

    @Test func slowHeadersEndTheConnection() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.send(Kind.headers, flags: 0x1, stream: 1, [0x82])
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(16))
        #expect(!server.channel.isActive)
    }

    @Test func slowBodiesAreAnswered() throws {
        let server = try EmbeddedHTTP2(Self.echo)
        try server.send(Kind.headers, flags: 0x4, stream: 1, EmbeddedHTTP2.post)
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(try server.frames().first?.payload.prefix(5) == [0x08, 3] + Array("408".utf8))
        #expect(server.channel.isActive)
    }

    @Test func answersThatNobodyTakesAreBrokenOff() throws {
        let server = try EmbeddedHTTP2 { _ in
            .now(HTTPServerResponse(200, body: .bytes([UInt8](repeating: 0x61, count: 100_000))))
        }
        try server.request(1)
        _ = try server.frames()
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(
            try server.frames() == [
                .init(kind: Kind.resetStream, flags: 0, stream: 1, payload: [0, 0, 0, 8])
            ])
    }
}
