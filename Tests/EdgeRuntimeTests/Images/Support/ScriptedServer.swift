import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server whose answers a test makes up, lies included.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var method: HTTPMethod
        var uri: String
        var headers: HTTPHeaders
        var body: String

        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    struct Answer: Sendable {
        var status: HTTPResponseStatus = .ok
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        /// Bytes after which the connection is closed.
        var closesAfter: Int?

        static func json(_ text: String, _ headers: [(String, String)] = []) -> Answer {
            Answer(headers: headers, body: Array(text.utf8))
        }

        static func status(_ status: HTTPResponseStatus, _ headers: [(String, String)] = []) -> Answer {
            Answer(status: status, headers: headers)
        }
    }

    typealias Script = @Sendable (Request) -> Answer

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    let port: Int
    private let channel: any Channel
    private let log: Log

    var host: String { "127.0.0.1:\(port)" }
    var requests: [Request] { log.requests.withLock { $0 } }

    /// The requests whose path contains a text.
    func requests(_ text: String) -> [Request] { requests.filter { $0.uri.contains(text) } }

    init(_ script: @escaping Script) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptedHandler { request in
                            log.requests.withLock { $0.append(request) }
                            return script(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async { try? await channel.close() }
}

private final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (ScriptedServer.Request) -> ScriptedServer.Answer
    private var request: ScriptedServer.Request?

    init(_ answer: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Answer) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = .init(method: head.method, uri: head.uri, headers: head.headers, body: "")
        case .body(let buffer):
            request?.body += String(buffer: buffer)
        case .end:
            if let request { send(answer(request), to: request, context) }
        }
    }

    private func send(
        _ answer: ScriptedServer.Answer, to request: ScriptedServer.Request, _ context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: answer.status)
        for (name, value) in answer.headers { head.headers.replaceOrAdd(name: name, value: value) }
        if !head.headers.contains(name: "Content-Length") {
            head.headers.add(name: "Content-Length", value: String(answer.body.count))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let bytes = request.method == .HEAD ? [] : answer.body.prefix(answer.closesAfter ?? .max)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        if answer.closesAfter != nil {
            context.flush()
            context.close(promise: nil)
        } else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
