internal import DequeModule
internal import NIOCore

/// The one handler of an HTTP/2 connection (RFC 9113): reads requests, asks the request handler, writes answers, many
/// at a time.
///
/// A body is fetched from its source only as far as the client's windows and the socket take it, so a slow watcher
/// keeps a cursor and nothing else. An idle connection holds its table of header fields (4 KiB at most), an idle
/// stream some hundred bytes.
///
/// `@unchecked Sendable`: every member is touched on the channel's event loop only.
final class HTTP2ServerConnection: ChannelInboundHandler, ServerConnection, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    static let maximumFrame = 16384
    static let defaultWindow = 65535
    /// How much of a body a stream may send unasked, and all streams of a connection together.
    static let streamWindow = 256 * 1024
    static let connectionWindow = 1024 * 1024
    /// How many bytes of unfinished bodies a connection may hold before only its oldest one may go on.
    static let maximumUnfinished = 16 * 1024 * 1024
    /// How many requests are begun before other connections have their turn.
    private static let requestsPerTurn = 16

    /// A header block that goes on in CONTINUATION frames.
    struct PendingBlock {
        let stream: UInt32
        let endsStream: Bool
        var bytes: ByteBuffer
        var frames = 1
    }

    enum Phase { case preface, open, closed }

    let handler: any HTTPRequestHandler
    let settings: HTTPServerSettings
    let connection: HTTPConnection
    let date: HTTPDate
    let eventLoop: any EventLoop
    let taskExecutor: EventLoopTaskExecutor
    let wakes = HTTP2WakeQueue()

    var context: ChannelHandlerContext?
    var phase = Phase.preface
    var deadline = LazyDeadline()
    var isShuttingDown = false
    /// The last stream that is answered, once the client was told.
    var lastAccepted: UInt32?

    var inbound = ByteBuffer()
    var decoder = HPACKDecoder()
    var pendingBlock: PendingBlock?
    var streams: [UInt32: HTTP2Stream] = [:]
    var lastStream: UInt32 = 0
    var receiveWindow = HTTP2ServerConnection.defaultWindow
    var unfinishedBytes = 0
    var meter = HTTP2FloodMeter()
    /// Requests begun in this turn.
    var begun = 0
    /// Whether what has arrived waits for the next turn, and nothing is read from the socket.
    private var isYielding = false

    /// Frames that leave with the next flush.
    var outgoing = ByteBuffer()
    var ready: Deque<HTTP2Stream> = []
    var sendWindow = HTTP2ServerConnection.defaultWindow
    var peerInitialWindow = HTTP2ServerConnection.defaultWindow

    init(
        handler: any HTTPRequestHandler, settings: HTTPServerSettings, connection: HTTPConnection,
        date: HTTPDate, eventLoop: any EventLoop
    ) {
        self.handler = handler
        self.settings = settings
        self.connection = connection
        self.date = date
        self.eventLoop = eventLoop
        taskExecutor = EventLoopTaskExecutor(eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(settings.headTimeout)
        outgoing.writeSettings([
            (HTTP2Setting.maximumConcurrentStreams, UInt32(settings.maximumStreams)),
            (HTTP2Setting.initialWindowSize, UInt32(Self.streamWindow)),
            (HTTP2Setting.maximumHeaderListSize, UInt32(settings.maximumHeadBytes)),
        ])
        outgoing.writeWindowUpdate(0, Self.connectionWindow - Self.defaultWindow)
        receiveWindow = Self.connectionWindow
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(unwrapInboundIn(data))
    }

    /// Works off bytes that have arrived; answers leave with the flush that follows.
    func receive(_ bytes: ByteBuffer) {
        guard phase != .closed else { return }
        var bytes = bytes
        if inbound.readableBytes == 0 {
            inbound = bytes
        } else {
            inbound.discardReadBytes()
            inbound.writeBuffer(&bytes)
        }
        if !isYielding { work() }
    }

    /// Works off what has arrived, for one turn.
    private func work() {
        begun = 0
        do throws(HTTP2Failure) {
            // A frame that arrived as a whole gives the next one its own time.
            if try process() { setDeadline(nil) }
        } catch {
            fail(error)
            return
        }
        if inbound.readableBytes == 0 { inbound = ByteBuffer() }
        if begun >= Self.requestsPerTurn, phase == .open { yield() }
        balanceDeadline()
    }

    /// Goes on when the sockets of others have been looked at.
    private func yield() {
        if !isYielding { context?.channel.setOption(.autoRead, value: false).whenFailure { _ in } }
        isYielding = true
        eventLoop.scheduleTask(in: .microseconds(50)) { [weak self] in
            guard let self, self.phase == .open else { return }
            self.work()
            if self.begun < Self.requestsPerTurn {
                self.isYielding = false
                self.context?.channel.setOption(.autoRead, value: true).whenFailure { _ in }
            }
            self.pumpReady()
            self.flush()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pumpReady()
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            pumpReady()
            flush()
        }
        balanceDeadline()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection: there is nobody left to tell.
        close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        abandonStreams()
        deadline.cancel()
        context.fireChannelInactive()
    }

    /// Works off frames; true when there was one.
    private func process() throws(HTTP2Failure) -> Bool {
        if phase == .preface {
            let length = Self.preface.utf8.count
            guard inbound.readableBytes >= length else { return false }
            guard inbound.readString(length: length) == Self.preface else {
                throw HTTP2Failure(.protocolError, "no connection preface")
            }
            phase = .open
        }
        var hasFrame = false
        while phase == .open, begun < Self.requestsPerTurn, let header = HTTP2FrameHeader(peeking: inbound) {
            guard header.length <= Self.maximumFrame else {
                throw HTTP2Failure(.frameSizeError, "frame of \(header.length) bytes")
            }
            guard inbound.readableBytes >= HTTP2FrameHeader.size + header.length else { break }
            inbound.moveReaderIndex(forwardBy: HTTP2FrameHeader.size)
            guard let payload = inbound.readSlice(length: header.length) else { break }
            try take(header, payload)
            hasFrame = true
        }
        return hasFrame
    }

    /// Pays for a frame that leads to nothing.
    func charge(_ cost: Int) throws(HTTP2Failure) {
        guard meter.charge(cost, now: eventLoop.now) else {
            throw HTTP2Failure(.enhanceYourCalm, "too many control frames")
        }
    }
}
