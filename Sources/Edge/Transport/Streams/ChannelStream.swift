internal import NIOCore
internal import Synchronization

/// A byte stream over a NIO channel. Reading from the socket stops while the reader is behind, and `write`
/// waits while the channel's buffer is above its high mark.
final class ChannelStream: ByteStream {
    /// Above this many unread bytes the socket is not read; below a quarter of it, it is read again.
    static let highMark = 256 * 1024

    private let channel: any Channel
    private let core: ChannelStreamCore

    private init(channel: any Channel, core: ChannelStreamCore) {
        self.channel = channel
        self.core = core
    }

    deinit {
        // One that is closing in an orderly way still has bytes to send.
        if !core.mayLinger { channel.close(promise: nil) }
    }

    /// A stream over a channel, and the handler that must become the last one of its pipeline.
    static func make(channel: any Channel) -> (ChannelStream, ChannelStreamHandler) {
        let core = ChannelStreamCore(channel: channel)
        return (ChannelStream(channel: channel, core: core), ChannelStreamHandler(core: core))
    }

    func read() async throws -> ByteBuffer? {
        try await core.next()
    }

    func write(_ bytes: ByteBuffer) async throws {
        guard bytes.readableBytes > 0 else { return }
        try await core.gate.wait()
        channel.writeAndFlush(bytes, promise: nil)
    }

    func finish() async throws {
        let channel = channel
        do {
            // Ended before all is sent, a channel whose peer has ended already would close and drop the rest.
            try await withTaskCancellationHandler {
                try await channel.writeAndFlush(ByteBuffer()).get()
                try await channel.close(mode: .output).get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch is ChannelError {
            // Closed already: there is nothing left to end.
        }
    }

    func close() {
        core.fail(StreamError.closed)
        channel.close(promise: nil)
    }

    var isOpen: Bool { core.isOpen }

    func closeWhenSent() {
        // Closed at once with bytes of the peer unread, the kernel would send a reset that overtakes our last
        // bytes.
        core.linger()
        let channel = channel
        let limit = channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in limit.cancel() }
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
            channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        }
    }
}

/// What the stream and its handler share.
final class ChannelStreamCore: Sendable {
    let gate = WritabilityGate()
    private let inbound: InboundQueue<ByteBuffer>
    private let reading: ReadSwitch
    private let isLingering = Atomic(false)

    init(channel: any Channel) {
        let reading = ReadSwitch(channel: channel)
        self.reading = reading
        inbound = InboundQueue(size: \.readableBytes) { _, left in
            if left < ChannelStream.highMark / 4 { reading.turnOn() }
        }
    }

    func next() async throws -> ByteBuffer? { try await inbound.next() }

    func push(_ bytes: ByteBuffer) {
        guard inbound.push(bytes) > ChannelStream.highMark else { return }
        reading.turnOff()
        // The reader may have emptied the queue in between, and would not turn it on again.
        if inbound.buffered < ChannelStream.highMark / 4 { reading.turnOn() }
    }

    /// The peer has ended its direction; true when nothing is left to wait for.
    func endOfInput() -> Bool {
        inbound.end()
        return mayLinger
    }

    var mayLinger: Bool { isLingering.load(ordering: .acquiring) }

    /// Takes nothing more from either side, but reads on until the peer has ended.
    func linger() {
        isLingering.store(true, ordering: .releasing)
        inbound.discard(StreamError.closed)
        gate.fail(StreamError.closed)
        reading.turnOn()
    }

    var isOpen: Bool { !inbound.isEnded }

    func fail(_ error: any Error) {
        inbound.end(error)
        gate.fail(error)
    }
}

/// Turns reading from a socket off and on.
private final class ReadSwitch: Sendable {
    private let channel: any Channel
    private let isOff = Atomic(false)

    init(channel: any Channel) {
        self.channel = channel
    }

    func turnOff() {
        guard !isOff.exchange(true, ordering: .acquiringAndReleasing) else { return }
        channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }

    func turnOn() {
        guard isOff.load(ordering: .acquiring), isOff.exchange(false, ordering: .acquiringAndReleasing)
        else { return }
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }
}

/// The last handler of a stream's pipeline.
final class ChannelStreamHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let core: ChannelStreamCore

    init(core: ChannelStreamCore) {
        self.core = core
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if buffer.readableBytes > 0 { core.push(buffer) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        core.gate.set(isWritable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event, core.endOfInput() { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        core.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        _ = core.endOfInput()
        core.fail(StreamError.reset("connection closed"))
        context.fireChannelInactive()
    }
}
