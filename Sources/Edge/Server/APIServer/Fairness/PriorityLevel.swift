internal import EdgeBase
internal import Synchronization

/// One priority level at work: how many requests may run at a time, and who waits.
final class PriorityLevel: Sendable {
    struct Configuration: Sendable, Equatable {
        var isExempt = false
        /// How many may run at a time.
        var seats = 0
        /// Nil to reject what finds no seat.
        var queuing: QueueLimits?
    }

    /// Somebody who waits for a seat.
    final class Waiter: Sendable {
        let continuation: CheckedContinuation<Bool, Never>

        init(_ continuation: CheckedContinuation<Bool, Never>) {
            self.continuation = continuation
        }
    }

    private struct State {
        var configuration: Configuration
        var inUse = 0
        var queue = FairQueue<Waiter>()
    }

    /// A quarter of the time that a request may take, as in Kubernetes.
    static let patience: Duration = .seconds(15)

    let name: String
    let isExempt: Bool
    private let state: Mutex<State>

    init(name: String, _ configuration: Configuration) {
        self.name = name
        isExempt = configuration.isExempt
        state = Mutex(State(configuration: configuration))
    }

    var configuration: Configuration { state.withLock(\.configuration) }

    /// How many run, and how many wait.
    var load: (running: Int, waiting: Int) { state.withLock { ($0.inUse, $0.queue.count) } }

    func configure(_ configuration: Configuration) {
        state.withLock { $0.configuration = configuration }
    }

    /// Takes a seat if there is one and nobody waits for it.
    func tryTake() -> Bool {
        if isExempt { return true }
        return state.withLock { state in
            guard state.inUse < state.configuration.seats, state.queue.isEmpty else { return false }
            state.inUse += 1
            return true
        }
    }

    /// Takes a seat or waits for one; false when the queue is full, or after too long.
    func take(hash: UInt64, timers: TimerQueue) async -> Bool {
        if tryTake() { return true }
        let place = Mutex<Waiter?>(nil)
        let timer = TimerBox()
        let isSeated = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let waiter = Waiter(continuation)
                place.withLock { $0 = waiter }
                guard join(waiter, hash) else {
                    continuation.resume(returning: false)
                    return
                }
                timer.set(timers.schedule(after: Self.patience) { [weak self] in self?.leave(waiter) })
                if Task.isCancelled { leave(waiter) }
            }
        } onCancel: {
            if let waiter = place.withLock({ $0 }) { leave(waiter) }
        }
        if let token = timer.token { timers.cancel(token) }
        return isSeated
    }

    /// Gives the seat to who waits longest in the queue whose turn it is.
    func release() {
        if isExempt { return }
        let next = state.withLock { state -> Waiter? in
            if state.inUse <= state.configuration.seats, let next = state.queue.next() { return next }
            state.inUse -= 1
            return nil
        }
        next?.continuation.resume(returning: true)
    }

    private func join(_ waiter: Waiter, _ hash: UInt64) -> Bool {
        state.withLock { state in
            guard let queuing = state.configuration.queuing else { return false }
            return state.queue.add(waiter, hash: hash, queuing)
        }
    }

    private func leave(_ waiter: Waiter) {
        let hasLeft = state.withLock { $0.queue.remove(waiter) }
        if hasLeft { waiter.continuation.resume(returning: false) }
    }

    private final class TimerBox: Sendable {
        private let kept = Mutex<TimerQueue.Token?>(nil)
        var token: TimerQueue.Token? { kept.withLock { $0 } }
        func set(_ token: TimerQueue.Token) { kept.withLock { $0 = token } }
    }
}
