public import NIOCore
internal import Synchronization

/// One stream of a SPDY session.
public final class SPDYStream: ByteStream {
    private static let frameSize = 32 * 1024

    private struct State {
        var hasSentEnd = false
        var hasReceivedEnd = false
        var isReset = false
        var consumed = 0
    }

    public let id: UInt32
    /// The headers that it was opened with.
    public let headers: SPDYHeaders
    private let session: SPDYSession
    private let window: Int
    private let sendsUpdates: Bool
    /// Nil towards a peer without flow control.
    private let credit: CreditGate?
    private let inbound: InboundQueue<ByteBuffer>
    private let room = RoomGate()
    private let replies = InboundQueue<SPDYHeaders>(size: { _ in 1 })
    private let state = Mutex(State())

    init(
        id: UInt32, headers: SPDYHeaders, session: SPDYSession, window: Int, sendWindow: Int?,
        sendsUpdates: Bool
    ) {
        self.id = id
        self.headers = headers
        self.session = session
        self.window = window
        self.sendsUpdates = sendsUpdates
        credit = sendWindow.map { CreditGate(credit: $0) }
        let room = room
        let hook = ConsumptionHook()
        inbound = InboundQueue(size: \.readableBytes) { taken, left in
            if left < window / 2 { room.set(isFull: false) }
            hook.call(taken)
        }
        if sendsUpdates { hook.set { [weak self] taken in self?.consumed(taken) } }
    }

    /// Accepts a stream that the peer opened.
    public func reply(_ headers: SPDYHeaders = [:]) async throws {
        try await session.writer.send(.synReply(id: id, headers: headers, fin: false))
    }

    /// Waits until the peer has accepted a stream that we opened.
    public func waitForReply() async throws {
        guard try await replies.next() != nil else { throw StreamError.reset("stream was not accepted") }
    }

    // MARK: ByteStream

    public func read() async throws -> ByteBuffer? { try await inbound.next() }

    public func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            try checkMayWrite()
            var length = min(rest.readableBytes, Self.frameSize)
            if let credit { length = try await credit.take(upTo: length) }
            guard let part = rest.readSlice(length: length) else { return }
            try await session.writer.send(.data(id: id, bytes: part, fin: false))
        }
    }

    public func finish() async throws {
        let isFirst = state.withLock { state in
            defer { state.hasSentEnd = true }
            return !state.hasSentEnd && !state.isReset
        }
        guard isFirst else { return }
        try await session.writer.send(.data(id: id, bytes: ByteBuffer(), fin: true))
        removeIfDone()
    }

    public func close() { reset(.cancel) }

    /// Breaks the stream off.
    func reset(_ status: SPDYStatus) {
        let mustTell = state.withLock { state in
            defer { state.isReset = true }
            return !state.isReset && !(state.hasSentEnd && state.hasReceivedEnd)
        }
        connectionEnded(StreamError.closed)
        if mustTell { session.writer.postLast(.rstStream(id: id, status: status)) }
        session.remove(id)
    }

    public var isOpen: Bool { state.withLock { !$0.isReset && !$0.hasReceivedEnd } }

    private func checkMayWrite() throws {
        if state.withLock({ $0.isReset || $0.hasSentEnd }) { throw credit?.failure ?? StreamError.closed }
    }

    private func removeIfDone() {
        if state.withLock({ $0.hasSentEnd && $0.hasReceivedEnd }) { session.remove(id) }
    }

    // MARK: What the peer does

    /// Takes data; waits while too much of it lies unread and the peer knows no flow control.
    func received(_ bytes: ByteBuffer) async {
        let buffered = inbound.push(bytes)
        guard buffered >= window else { return }
        if sendsUpdates {
            // The peer was told how much may be on its way. A little more is in the nature of parts.
            if buffered > window + Self.frameSize { reset(.flowControlError) }
            return
        }
        room.set(isFull: true)
        if inbound.buffered < window / 2 { room.set(isFull: false) }
        await withTaskCancellationHandler {
            await room.wait()
        } onCancel: {
            room.open()
        }
    }

    func received(reply: SPDYHeaders, fin: Bool) {
        replies.push(reply)
        if fin { receivedEnd() }
    }

    func receivedEnd() {
        state.withLock { $0.hasReceivedEnd = true }
        inbound.end()
        removeIfDone()
    }

    func receivedReset(_ status: SPDYStatus) {
        state.withLock { $0.isReset = true }
        connectionEnded(StreamError.reset("SPDY status \(status.rawValue)"))
        session.remove(id)
    }

    func receivedWindow(_ delta: Int) throws {
        guard let credit else { return }
        if !credit.add(delta) { reset(.flowControlError) }
    }

    func connectionEnded(_ error: any Error) {
        state.withLock { $0.isReset = true }
        inbound.end(error)
        replies.end(error)
        credit?.fail(error)
        room.open()
    }

    private func consumed(_ taken: Int) {
        let delta = state.withLock { state -> Int in
            state.consumed += taken
            guard state.consumed >= window / 2, !state.hasReceivedEnd else { return 0 }
            defer { state.consumed = 0 }
            return state.consumed
        }
        if delta > 0 { session.writer.post(.windowUpdate(id: id, delta: UInt32(delta))) }
    }
}
