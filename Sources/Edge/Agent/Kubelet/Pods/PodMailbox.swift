internal import EdgeAPI
internal import Synchronization

/// What a pod's worker has to hear: only the newest of each kind waits.
final class PodMailbox: Sendable {
    struct Delivery: Sendable {
        /// The newest version, when it is another one.
        var pod: Pod?
        /// The pod is no longer in the API.
        var isRemoved = false
        /// The node goes down: seconds of grace at most, nil for the pod's own.
        var stop: Stop?
    }

    struct Stop: Sendable, Equatable {
        var grace: Int?
    }

    private struct State {
        var delivery = Delivery()
        var isPoked = false
        var isClosed = false
        var waiter: CheckedContinuation<Delivery?, Never>?
        /// Hears at once what waits while the worker is busy.
        var interrupt: (@Sendable (Delivery) -> Void)?
    }

    private let state = Mutex(State())

    func post(_ pod: Pod) {
        deliver { $0.pod = pod }
    }

    func remove() {
        deliver { $0.isRemoved = true }
    }

    func stop(_ stop: Stop) {
        deliver { $0.stop = stop }
    }

    /// Something may have changed: look again.
    func poke() {
        deliver { _ in }
    }

    /// Lets the worker end.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// Calls `action` with what arrives while the worker is busy, and at once with what has arrived already.
    func setInterrupt(_ action: (@Sendable (Delivery) -> Void)?) {
        let waiting = state.withLock { state in
            state.interrupt = action
            return state.isPoked ? state.delivery : nil
        }
        if let action, let waiting { action(waiting) }
    }

    /// The next delivery; nil after `close`.
    func next() async -> Delivery? {
        await withCheckedContinuation { continuation in
            let delivery = state.withLock { state -> Delivery?? in
                if state.isClosed { return .some(nil) }
                guard state.isPoked else {
                    state.waiter = continuation
                    return nil
                }
                return .some(Self.take(&state))
            }
            if let delivery { continuation.resume(returning: delivery) }
        }
    }

    private func deliver(_ change: (inout Delivery) -> Void) {
        let (waiter, delivery, interrupt) = state.withLock {
            state -> (CheckedContinuation<Delivery?, Never>?, Delivery, (@Sendable (Delivery) -> Void)?) in
            change(&state.delivery)
            state.isPoked = true
            guard let waiter = state.waiter, !state.isClosed else {
                return (nil, state.delivery, state.interrupt)
            }
            state.waiter = nil
            return (waiter, Self.take(&state), nil)
        }
        waiter?.resume(returning: delivery)
        interrupt?(delivery)
    }

    private static func take(_ state: inout State) -> Delivery {
        defer {
            state.delivery = Delivery()
            state.isPoked = false
        }
        return state.delivery
    }
}
