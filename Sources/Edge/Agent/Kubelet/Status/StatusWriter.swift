internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import Logging
internal import Synchronization

/// Brings the statuses of pods to the API: only what has changed, the newest only, again after a failure.
final class StatusWriter: Sendable {
    /// Computes the status that a pod should have from its newest version.
    typealias Builder = @Sendable (Pod) -> PodStatus

    private struct Slot {
        /// The newest status that has not been written; nil while there is none.
        var pending: Builder?
        var isWriting = false
        var failures = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let client: any APIClient
    private let timers: TimerQueue
    private let logger: Logger
    private let slots = Mutex<[String: Slot]>([:])
    private let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(30))

    init(client: any APIClient, timers: TimerQueue, logger: Logger) {
        self.client = client
        self.timers = timers
        self.logger = logger
    }

    /// Replaces what waits to be written for the pod. `latest` gives the newest version that is known.
    func submit(_ pod: Pod, latest: @escaping @Sendable () -> Pod?, _ build: @escaping Builder) {
        let starts = slots.withLock { slots in
            slots[pod.uid, default: Slot()].pending = build
            guard slots[pod.uid]?.isWriting == false else { return false }
            slots[pod.uid]?.isWriting = true
            return true
        }
        if starts { Task { await self.drain(pod, latest) } }
    }

    /// Returns when nothing is left to be written for the pod, or it is gone.
    func flush(_ uid: String) async {
        await withCheckedContinuation { continuation in
            let isDone = slots.withLock { slots in
                guard let slot = slots[uid], slot.isWriting || slot.pending != nil else { return true }
                slots[uid]?.waiters.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    func forget(_ uid: String) {
        let waiters = slots.withLock { $0.removeValue(forKey: uid)?.waiters ?? [] }
        for waiter in waiters { waiter.resume() }
    }

    private func drain(_ pod: Pod, _ latest: @escaping @Sendable () -> Pod?) async {
        var base = latest() ?? pod
        while let build = take(pod.uid) {
            do {
                base = newer(latest(), base)
                base = try await write(base, build)
                slots.withLock { $0[pod.uid]?.failures = 0 }
            } catch let status as APIStatus where status.reason == .notFound {
                return forget(pod.uid)
            } catch {
                logger.debug("pod status not written", metadata: ["pod": "\(pod.key)", "error": "\(error)"])
                return retry(pod, build, latest)
            }
        }
    }

    private func take(_ uid: String) -> Builder? {
        let (build, waiters) = slots.withLock { slots -> (Builder?, [CheckedContinuation<Void, Never>]) in
            guard var slot = slots[uid] else { return (nil, []) }
            let build = slot.pending
            slot.pending = nil
            if build == nil {
                slots[uid] = nil
                return (nil, slot.waiters)
            }
            slots[uid] = slot
            return (build, [])
        }
        for waiter in waiters { waiter.resume() }
        return build
    }

    private func newer(_ candidate: Pod?, _ base: Pod) -> Pod {
        guard let candidate, candidate.uid == base.uid else { return base }
        let revisions = (UInt64(candidate.resourceVersion) ?? 0, UInt64(base.resourceVersion) ?? 0)
        return revisions.0 >= revisions.1 ? candidate : base
    }

    /// Writes on top of the given version, or of a newer one when that is out of date.
    private func write(_ base: Pod, _ build: Builder) async throws -> Pod {
        var base = base
        for _ in 0..<5 {
            guard let patch = StatusPatch.make(from: base.status, to: build(base), of: base) else {
                return base
            }
            do {
                let encoded = try await client.patch(base.key, Patch(.merge, patch), subresource: "status")
                return try Pod(decoding: encoded)
            } catch let status as APIStatus where status.reason == .conflict {
                let current = try Pod(decoding: try await client.get(base.key))
                guard current.uid == base.uid else { throw APIStatus.notFound("pods", base.name) }
                base = current
            }
        }
        throw APIStatus.modified("pods", base.name)
    }

    private func retry(_ pod: Pod, _ build: @escaping Builder, _ latest: @escaping @Sendable () -> Pod?) {
        let delay = slots.withLock { slots -> Duration in
            var slot = slots[pod.uid] ?? Slot()
            if slot.pending == nil { slot.pending = build }
            slot.isWriting = true
            slot.failures += 1
            slots[pod.uid] = slot
            return backoff.delay(afterFailures: slot.failures - 1)
        }
        timers.schedule(after: delay) { [weak self] in
            guard let self else { return }
            Task { await self.drain(pod, latest) }
        }
    }
}
