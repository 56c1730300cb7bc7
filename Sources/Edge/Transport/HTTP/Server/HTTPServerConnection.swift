internal import NIOCore
internal import Synchronization

/// The one handler of a server's connection: reads requests, asks the request handler, writes answers. One
/// request is at work at a time; pipelined ones wait in the buffer, and when that is full, in the socket.
///
/// `@unchecked Sendable`: every member is touched on the channel's event loop only.
final class HTTPServerConnection: ServerHandler, ServerConnection, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Phase {
        case head
        case body(HTTPRequestHead, HTTPBodyDecoder, ByteBuffer, limit: Int)
        case handling
        /// An error was answered: what still arrives is dropped until the client has read the answer.
        case draining
        case upgraded
        case closed
    }

    /// `PRI `, with which a connection that is HTTP/2 begins (RFC 9113 section 3.4).
    private static let http2Preface: UInt32 = 0x5052_4920

    /// How many bytes of further requests wait in the buffer while one is at work.
    private static let maximumPipelined = 64 * 1024

    let handler: any HTTPRequestHandler
    let settings: HTTPServerSettings
    let connection: HTTPConnection
    let date: HTTPDate
    let eventLoop: any EventLoop
    private let taskExecutor: EventLoopTaskExecutor

    var context: ChannelHandlerContext?
    var phase = Phase.head
    var exchange: HTTPExchange?
    var upgradeTask: Task<Void, Never>?
    var deadline = LazyDeadline()
    var isShuttingDown = false
    /// Hands the connection and what has arrived over to HTTP/2; nil once that is out of the question.
    var switchToHTTP2: (@Sendable (HTTPServerConnection, ByteBuffer) -> Void)?
    private var inbound = ByteBuffer()
    private var collector: HTTPHeadCollector
    private var isProcessing = false
    private var isReadingPaused = false

    init(
        handler: any HTTPRequestHandler, settings: HTTPServerSettings, connection: HTTPConnection,
        date: HTTPDate,
        eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        taskExecutor = EventLoopTaskExecutor(eventLoop)
        self.handler = handler
        self.settings = settings
        self.connection = connection
        self.date = date
        collector = HTTPHeadCollector(limit: settings.maximumHeadBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(settings.headTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        switch phase {
        case .draining, .closed: return
        case .upgraded:
            context.fireChannelRead(wrapInboundOut(buffer))
            return
        default: break
        }
        if inbound.readableBytes == 0 {
            inbound = buffer
        } else {
            inbound.discardReadBytes()
            inbound.writeBuffer(&buffer)
        }
        if let switchToHTTP2, let first: UInt32 = inbound.getInteger(at: inbound.readerIndex) {
            self.switchToHTTP2 = nil
            if first == Self.http2Preface {
                phase = .closed
                switchToHTTP2(self, takeInbound())
                return
            }
        }
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        defer { context.fireChannelWritabilityChanged() }
        if case .upgraded = phase { return }
        let isWritable = context.channel.isWritable
        exchange?.writer?.gate.set(isWritable: isWritable)
        if isWritable {
            if exchange != nil { setDeadline(nil) }
            pump()
            process()
        } else {
            setDeadline(settings.writeTimeout)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .upgraded = phase {
            context.fireErrorCaught(error)
        } else {
            // A broken connection or a failed handshake: there is nobody left to tell.
            close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandonExchange()
        phase = .closed
        deadline.cancel()
        context.fireChannelInactive()
    }

    /// Works off what has arrived, request by request, until bytes are missing or a request is at work.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        do throws(HTTPSyntaxError) {
            while try step() {}
        } catch {
            reject(error)
        }
        if inbound.readableBytes == 0 { inbound = ByteBuffer() }
        balanceReading()
    }

    /// One step; false when nothing more can be done for now.
    private func step() throws(HTTPSyntaxError) -> Bool {
        guard let context else { return false }
        switch phase {
        case .head:
            guard context.channel.isWritable else { return false }
            let isFresh = inbound.readableBytes > 0 && !deadline.isShort
            guard let bytes = try collector.next(from: &inbound) else {
                if isFresh { setDeadline(settings.headTimeout, isShort: true) }
                return false
            }
            try begin(try HTTPHeadParser.request(bytes))
            return true
        case .body(let head, var decoder, var body, let limit):
            // The buffer must have one owner to grow in place.
            phase = .handling
            while true {
                switch try decoder.next(from: &inbound) {
                case .data(var data):
                    guard body.readableBytes + data.readableBytes <= limit else { throw Self.tooLarge(limit) }
                    if body.readableBytes == 0 { body = data } else { body.writeBuffer(&data) }
                case .needMore:
                    phase = .body(head, decoder, body, limit: limit)
                    return false
                case .end:
                    dispatch(head, body)
                    return true
                }
            }
        case .handling, .draining, .upgraded, .closed: return false
        }
    }

    private func begin(_ head: HTTPRequestHead) throws(HTTPSyntaxError) {
        let framing = head.body
        if framing == .none {
            dispatch(head, ByteBuffer())
            return
        }
        let limit = handler.bodyLimit(head, connection)
        if case .length(let length) = framing, length > limit { throw Self.tooLarge(limit) }
        if head.framing.expectsContinue, head.minorVersion == 1, inbound.readableBytes == 0 {
            context?.writeAndFlush(NIOAny(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        }
        setDeadline(settings.bodyTimeout)
        phase = .body(head, HTTPBodyDecoder(framing), ByteBuffer(), limit: limit)
    }

    private static func tooLarge(_ limit: Int) -> HTTPSyntaxError {
        HTTPSyntaxError("request body is larger than \(limit) bytes", status: 413)
    }

    private func dispatch(_ head: HTTPRequestHead, _ body: ByteBuffer) {
        setDeadline(nil)
        phase = .handling
        let exchange = HTTPExchange(head)
        self.exchange = exchange
        let request = HTTPServerRequest(head: head, body: body, connection: connection)
        switch handler.handle(request) {
        case .now(let response): respond(response, to: exchange)
        case .upgrade(let upgrade): respond(.upgrade(upgrade), to: exchange)
        case .later(let produce):
            guard let eventLoop = context?.eventLoop else { return }
            limitTime(of: exchange, request)
            exchange.task = Task {
                let response = await produce()
                eventLoop.execute { self.respondAndFlush(response, to: exchange) }
            }
        case .onLoop(let produce):
            limitTime(of: exchange, request)
            exchange.task = Task(executorPreference: taskExecutor) {
                self.respondAndFlush(await produce(), to: exchange)
            }
        }
    }

    private func respondAndFlush(_ response: HTTPServerResponse, to exchange: HTTPExchange) {
        guard exchange === self.exchange else {
            // The client went away in between.
            if case .pulled(let body) = response.body { body.cancel() }
            return
        }
        respond(response, to: exchange)
        context?.flush()
    }

    /// Stops reading from the socket while enough further requests wait, and goes on when they are worked
    /// off.
    private func balanceReading() {
        let shouldPause = inbound.readableBytes > Self.maximumPipelined && isHandling
        guard shouldPause != isReadingPaused, let context else { return }
        isReadingPaused = shouldPause
        context.channel.setOption(.autoRead, value: !shouldPause).whenFailure { _ in }
    }

    private var isHandling: Bool {
        if case .handling = phase { true } else { false }
    }

    /// What has arrived behind a request that upgrades the connection.
    func takeInbound() -> ByteBuffer {
        defer { inbound = ByteBuffer() }
        return inbound
    }

    /// Whether nothing of a next request has arrived.
    var isIdle: Bool {
        if case .head = phase { inbound.readableBytes == 0 } else { false }
    }
}
