internal import NIOCore
internal import Synchronization

/// One stream of a tunnel.
final class TunnelStream: ByteStream {
    private struct State {
        var hasSentEnd = false
        var hasReceivedEnd = false
        var isReset = false
        var consumed = 0
    }

    let id: UInt32
    private let session: TunnelSession
    private let window: Int
    private let credit: CreditGate
    private let inbound: InboundQueue<ByteBuffer>
    private let opening = InboundQueue<Bool>(size: { _ in 1 })
    private let state = Mutex(State())

    init(id: UInt32, session: TunnelSession, window: Int, peerWindow: Int) {
        self.id = id
        self.session = session
        self.window = window
        credit = CreditGate(credit: peerWindow)
        let hook = ConsumptionHook()
        inbound = InboundQueue(size: \.readableBytes) { taken, _ in hook.call(taken) }
        hook.set { [weak self] taken in self?.consumed(taken) }
    }

    /// Waits until the other side has reached the target.
    func waitUntilOpened() async throws {
        guard try await opening.next() != nil else { throw StreamError.reset("stream was not opened") }
    }

    func read() async throws -> ByteBuffer? { try await inbound.next() }

    func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            if state.withLock({ $0.isReset || $0.hasSentEnd }) { throw credit.failure ?? StreamError.closed }
            let length = try await credit.take(upTo: min(rest.readableBytes, TunnelFrame.dataSize))
            guard let part = rest.readSlice(length: length) else { return }
            try await session.writer.send(.data(stream: id, bytes: part))
        }
    }

    func finish() async throws {
        let isFirst = state.withLock { state in
            defer { state.hasSentEnd = true }
            return !state.hasSentEnd && !state.isReset
        }
        guard isFirst else { return }
        try await session.writer.send(.fin(stream: id))
        removeIfDone()
    }

    func close() { close(reason: "closed") }

    func close(reason: String) {
        let mustTell = state.withLock { state in
            defer { state.isReset = true }
            return !state.isReset && !(state.hasSentEnd && state.hasReceivedEnd)
        }
        end(StreamError.closed)
        if mustTell { session.writer.postLast(.reset(stream: id, reason: reason)) }
        session.remove(id)
    }

    var isOpen: Bool { state.withLock { !$0.isReset && !$0.hasReceivedEnd } }

    private func removeIfDone() {
        if state.withLock({ $0.hasSentEnd && $0.hasReceivedEnd }) { session.remove(id) }
    }

    // MARK: What the peer does

    func receivedOpened() { opening.push(true) }

    func received(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        // The peer knows how much may be on its way.
        if inbound.push(bytes) > window { close(reason: "more bytes than the window allows") }
    }

    func receivedEnd() {
        state.withLock { $0.hasReceivedEnd = true }
        inbound.end()
        removeIfDone()
    }

    func receivedReset(_ reason: String) {
        end(StreamError.reset(reason))
        session.remove(id)
    }

    func receivedWindow(_ delta: Int) {
        if !credit.add(delta) { close(reason: "window overflow") }
    }

    /// The stream is over, whatever the reason.
    func end(_ error: any Error) {
        state.withLock { $0.isReset = true }
        inbound.end(error)
        opening.end(error)
        credit.fail(error)
    }

    private func consumed(_ taken: Int) {
        let delta = state.withLock { state -> Int in
            state.consumed += taken
            guard state.consumed >= window / 2, !state.hasReceivedEnd, !state.isReset else { return 0 }
            defer { state.consumed = 0 }
            return state.consumed
        }
        if delta > 0 { session.writer.post(.window(stream: id, delta: UInt32(delta))) }
    }
}
