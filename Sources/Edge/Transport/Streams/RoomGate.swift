internal import Synchronization

/// Where the reader of a carrier waits while a stream's unread bytes are above the mark.
final class RoomGate: Sendable {
    private struct State {
        var isFull = false
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func set(isFull: Bool) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isFull = isFull
            guard !isFull else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// Lets nobody wait any more.
    func open() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// Returns when there is room. One task waits.
    func wait() async {
        guard state.withLock({ $0.isFull && !$0.isClosed }) else { return }
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                let isReady = !state.isFull || state.isClosed
                if !isReady { state.waiter = continuation }
                return isReady
            }
            if isReady { continuation.resume() }
        }
    }
}
