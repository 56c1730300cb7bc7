internal import NIOCore
internal import Synchronization

/// Sends the frames of a multiplexed connection in order: any task may send, one task (`run`) encodes and
/// writes. Encoding happens when a frame's turn comes, because compression depends on the order of frames.
final class FrameWriter<Frame: Sendable>: Sendable {
    private struct Pending {
        let frame: Frame
        let continuation: CheckedContinuation<Void, any Error>?
    }

    private struct State {
        /// Answers to what the peer sent; they go first.
        var urgent = CircularBuffer<Frame>()
        var ordinary = CircularBuffer<Pending>()
        var isFinishing = false
        var failure: (any Error)?
        var idle: CheckedContinuation<Void, Never>?
    }

    /// How many answers may wait: a peer that pings without reading is cut off.
    private static var maximumUrgent: Int { 1000 }
    /// Small frames are joined up to this size into one write.
    private static var joinedSize: Int { 64 * 1024 }

    private let state = Mutex(State())
    private let encode: @Sendable (Frame, inout ByteBuffer) throws -> Void

    /// - Parameter encode: called by `run` only, in the order in which frames are sent.
    init(encode: @escaping @Sendable (Frame, inout ByteBuffer) throws -> Void) {
        self.encode = encode
    }

    /// Sends a frame; returns when it has been written to the carrier.
    func send(_ frame: Frame) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let (failure, idle) = state.withLock {
                state -> ((any Error)?, CheckedContinuation<Void, Never>?) in
                if let failure = state.failure { return (failure, nil) }
                if state.isFinishing { return (StreamError.closed, nil) }
                state.ordinary.append(Pending(frame: frame, continuation: continuation))
                defer { state.idle = nil }
                return (nil, state.idle)
            }
            if let failure { continuation.resume(throwing: failure) }
            idle?.resume()
        }
    }

    /// Sends a frame ahead of others without waiting; false when too many wait already.
    @discardableResult
    func post(_ frame: Frame) -> Bool {
        let (isTaken, idle) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard state.failure == nil, !state.isFinishing else { return (true, nil) }
            guard state.urgent.count < Self.maximumUrgent else { return (false, nil) }
            state.urgent.append(frame)
            defer { state.idle = nil }
            return (true, state.idle)
        }
        idle?.resume()
        return isTaken
    }

    /// Sends a frame behind all others without waiting.
    func postLast(_ frame: Frame) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.failure == nil, !state.isFinishing else { return nil }
            state.ordinary.append(Pending(frame: frame, continuation: nil))
            defer { state.idle = nil }
            return state.idle
        }?.resume()
    }

    /// Takes no further frames; `run` returns when what waits has been sent.
    func finish() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isFinishing = true
            defer { state.idle = nil }
            return state.idle
        }?.resume()
    }

    /// Why nothing is sent any more.
    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Whether frames are still taken or sent.
    var isRunning: Bool {
        state.withLock { state in
            state.failure == nil && !(state.isFinishing && state.urgent.isEmpty && state.ordinary.isEmpty)
        }
    }

    /// Lets all that wait and will wait fail, and `run` return.
    func fail(_ error: any Error) {
        let (waiting, idle) = state.withLock {
            state -> (CircularBuffer<Pending>, CheckedContinuation<Void, Never>?) in
            if state.failure == nil { state.failure = error }
            defer {
                state.ordinary = []
                state.urgent = []
                state.idle = nil
            }
            return (state.ordinary, state.idle)
        }
        for pending in waiting { pending.continuation?.resume(throwing: error) }
        idle?.resume()
    }

    /// Writes frames to the carrier until `finish` or `fail`.
    func run(to carrier: any ByteStream) async {
        do {
            while await waitForFrames() { try await writeBatch(to: carrier) }
        } catch {
            fail(error)
        }
    }

    private func waitForFrames() async -> Bool {
        while true {
            let (hasFrames, isOver) = state.withLock { state in
                (!state.urgent.isEmpty || !state.ordinary.isEmpty, state.isFinishing || state.failure != nil)
            }
            if hasFrames { return true }
            if isOver { return false }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    let isReady =
                        !state.urgent.isEmpty || !state.ordinary.isEmpty || state.isFinishing
                        || state.failure != nil
                    if !isReady { state.idle = continuation }
                    return isReady
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private func writeBatch(to carrier: any ByteStream) async throws {
        var buffer = ByteBuffer()
        var sent: [CheckedContinuation<Void, any Error>] = []
        do {
            while buffer.readableBytes < Self.joinedSize {
                let next = state.withLock { state -> Pending? in
                    if let frame = state.urgent.popFirst() { return Pending(frame: frame, continuation: nil) }
                    return state.ordinary.popFirst()
                }
                guard let next else { break }
                if let continuation = next.continuation { sent.append(continuation) }
                try encode(next.frame, &buffer)
            }
            try await carrier.write(buffer)
        } catch {
            for continuation in sent { continuation.resume(throwing: error) }
            throw error
        }
        for continuation in sent { continuation.resume() }
    }
}
