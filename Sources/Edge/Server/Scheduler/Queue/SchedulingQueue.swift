internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import Synchronization

/// Pods that wait for a node: those to try now, by priority and age; those that failed a moment ago and wait
/// out their back-off; and those that fit nowhere until something in the cluster changes.
final class SchedulingQueue: Sendable {
    private struct State {
        var active: [QueuedPod] = []
        var backingOff: [String: TimerQueue.Token] = [:]
        /// Everything that waits, by uid, wherever it waits.
        var pods: [String: QueuedPod] = [:]
        var unschedulable: Set<String> = []
        /// Counts cluster changes, so that a pod that failed while one came in is tried again at once.
        var generation: UInt64 = 0
        var waiter: CheckedContinuation<Void, Never>?
        var isShutDown = false
    }

    private let state = Mutex(State())
    private let timers: TimerQueue
    private let backoff = Backoff(initial: .seconds(1), maximum: .seconds(10))

    init(timers: TimerQueue) {
        self.timers = timers
    }

    /// A pod that needs a node, new or changed.
    func add(_ pod: PodInfo) {
        state.withLock { state in
            var queued = QueuedPod(pod, attempts: state.pods[pod.uid]?.attempts ?? 0)
            queued.added = state.pods[pod.uid]?.added ?? queued.added
            remove(pod.uid, &state)
            state.pods[pod.uid] = queued
            activate(queued, &state)
        }
    }

    /// The pod has a node, or is gone.
    func remove(uid: String) {
        state.withLock { remove(uid, &$0) }
    }

    /// Something changed that may let waiting pods fit: a node came or got room, a pod went.
    func clusterChanged() {
        state.withLock { state in
            state.generation &+= 1
            let waiting = state.unschedulable
            state.unschedulable = []
            for uid in waiting {
                guard let pod = state.pods[uid] else { continue }
                wait(pod, &state)
            }
        }
    }

    /// The next pod and the generation of the cluster at that moment; nil when shut down.
    func next() async -> (pod: QueuedPod, generation: UInt64)? {
        while true {
            let found = state.withLock { state -> (QueuedPod, UInt64)?? in
                if state.isShutDown { return .some(nil) }
                guard !state.active.isEmpty else { return nil }
                return .some((state.active.removeFirst(), state.generation))
            }
            if let found { return found }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isShutDown || !state.active.isEmpty { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// The pod fits nowhere. It waits for a change of the cluster, or for its back-off if there was one since
    /// `generation`.
    func reject(_ pod: QueuedPod, since generation: UInt64) {
        state.withLock { state in
            guard var present = state.pods[pod.uid],
                present.info.pod.resourceVersion == pod.info.pod.resourceVersion
            else { return }
            present.attempts += 1
            state.pods[pod.uid] = present
            if state.generation == generation {
                state.unschedulable.insert(pod.uid)
            } else {
                wait(present, &state)
            }
        }
    }

    /// The attempt failed for a reason that is not the pod's: again after the back-off.
    func retry(_ pod: QueuedPod) {
        state.withLock { state in
            guard var present = state.pods[pod.uid] else { return }
            present.attempts += 1
            state.pods[pod.uid] = present
            wait(present, &state)
        }
    }

    func shutDown() {
        let waiter = state.withLock { state in
            state.isShutDown = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    // MARK: With the lock held

    private func wait(_ pod: QueuedPod, _ state: inout State) {
        let delay = backoff.delay(afterFailures: max(pod.attempts - 1, 0))
        let uid = pod.uid
        state.backingOff[uid] = timers.schedule(after: delay) { [weak self] in
            self?.state.withLock { state in
                state.backingOff[uid] = nil
                if let pod = state.pods[uid] { self?.activate(pod, &state) }
            }
        }
    }

    private func activate(_ pod: QueuedPod, _ state: inout State) {
        let index = state.active.firstIndex { pod.precedes($0) } ?? state.active.endIndex
        state.active.insert(pod, at: index)
        // Resuming only makes the task runnable; it takes the lock itself later.
        state.waiter?.resume()
        state.waiter = nil
    }

    private func remove(_ uid: String, _ state: inout State) {
        guard state.pods.removeValue(forKey: uid) != nil else { return }
        state.unschedulable.remove(uid)
        if let token = state.backingOff.removeValue(forKey: uid) { timers.cancel(token) }
        state.active.removeAll { $0.uid == uid }
    }
}

/// A pod in the queue.
struct QueuedPod: Sendable {
    let info: PodInfo
    var attempts: Int
    var added = ContinuousClock.now

    init(_ info: PodInfo, attempts: Int = 0) {
        self.info = info
        self.attempts = attempts
    }

    var uid: String { info.uid }

    /// Higher priority first, then the one that has waited longer.
    func precedes(_ other: QueuedPod) -> Bool {
        let mine = info.pod.spec.priority ?? 0
        let theirs = other.info.pod.spec.priority ?? 0
        return mine != theirs ? mine > theirs : added < other.added
    }
}
