internal import DequeModule
public import EdgeBase
internal import Synchronization

/// Keys that wait for work. A key that is added while it waits stands in the queue once; one that is added
/// while it is worked on comes back when that is done; so no key is ever worked on twice at a time.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var ready = Deque<Key>()
        /// Keys that are to be worked on, with the time since when.
        var dirty: [Key: ContinuousClock.Instant] = [:]
        var processing: [Key: ContinuousClock.Instant] = [:]
        var failures: [Key: Int] = [:]
        var delayed: [Key: (token: TimerQueue.Token, deadline: ContinuousClock.Instant)] = [:]
        var waiters = Deque<(id: UInt64, continuation: CheckedContinuation<Key?, Never>)>()
        var nextWaiter: UInt64 = 0
        var isShutDown = false
        var statistics = WorkQueueStatistics()
    }

    private let state = Mutex(State())
    private let timers: TimerQueue
    private let backoff: Backoff

    public init(
        timers: TimerQueue, backoff: Backoff = Backoff(initial: .milliseconds(5), maximum: .seconds(1000))
    ) {
        self.timers = timers
        self.backoff = backoff
    }

    public var count: Int { state.withLock(\.ready.count) }

    /// What the queue has done until now.
    public var statistics: WorkQueueStatistics {
        state.withLock { state in
            var statistics = state.statistics
            let now = ContinuousClock.now
            statistics.depth = state.ready.count
            statistics.running = state.processing.values.map { (now - $0) / .seconds(1) }
            return statistics
        }
    }

    public func add(_ key: Key) {
        let resumption = state.withLock { state -> (() -> Void)? in
            guard !state.isShutDown, state.dirty[key] == nil else { return nil }
            state.dirty[key] = .now
            state.statistics.adds += 1
            if state.processing[key] != nil { return nil }
            return Self.enqueue(key, &state)
        }
        resumption?()
    }

    /// Adds the key after a delay; of several pending delays for a key the earliest counts.
    public func add(_ key: Key, after delay: Duration) {
        guard delay > .zero else { return add(key) }
        state.withLock { state in
            guard !state.isShutDown else { return }
            let deadline = ContinuousClock.now + delay
            if let pending = state.delayed[key] {
                if pending.deadline <= deadline { return }
                timers.cancel(pending.token)
            }
            let token = timers.schedule(after: delay) { [weak self] in
                self?.state.withLock { $0.delayed[key] = nil }
                self?.add(key)
            }
            state.delayed[key] = (token, deadline)
        }
    }

    /// Adds the key again after a failure, later each time.
    public func addAfterFailure(_ key: Key) {
        let failures = state.withLock { state in
            let count = state.failures[key, default: 0]
            state.failures[key] = count + 1
            state.statistics.retries += 1
            return count
        }
        add(key, after: backoff.delay(afterFailures: failures))
    }

    /// Forgets the failures of a key after a success.
    public func forget(_ key: Key) {
        state.withLock { $0.failures[key] = nil }
    }

    /// The next key, to be given back with `done`; nil once the queue is shut down or the task is cancelled.
    public func next() async -> Key? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state -> Key?? in
                    if let key = state.ready.popFirst() {
                        Self.begin(key, &state)
                        return .some(key)
                    }
                    if state.isShutDown || Task.isCancelled { return .some(nil) }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
    }

    /// Ends the work on a key; it goes back to the queue if it was added meanwhile.
    public func done(_ key: Key) {
        let resumption = state.withLock { state -> (() -> Void)? in
            if let began = state.processing.removeValue(forKey: key) {
                state.statistics.workDurations.add((.now - began) / .seconds(1))
            }
            guard state.dirty[key] != nil, !state.isShutDown else { return nil }
            return Self.enqueue(key, &state)
        }
        resumption?()
    }

    /// Lets every waiting worker return; nothing can be added any more.
    public func shutDown() {
        let waiters = state.withLock { state in
            state.isShutDown = true
            state.ready.removeAll()
            for pending in state.delayed.values { timers.cancel(pending.token) }
            state.delayed = [:]
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }

    /// Hands the key to a waiting worker, or puts it at the end. Called with the lock held; what it returns is
    /// called without.
    private static func enqueue(_ key: Key, _ state: inout State) -> (() -> Void)? {
        guard let waiter = state.waiters.popFirst() else {
            state.ready.append(key)
            return nil
        }
        begin(key, &state)
        return { waiter.continuation.resume(returning: key) }
    }

    private static func begin(_ key: Key, _ state: inout State) {
        let now = ContinuousClock.now
        if let since = state.dirty.removeValue(forKey: key) {
            state.statistics.queueDurations.add((now - since) / .seconds(1))
        }
        state.processing[key] = now
    }
}
