internal import EdgeAPI
internal import EdgeBase
internal import Synchronization

/// Runs the probes of all pods by timers: nothing waits between two runs of a probe but an entry of the timer queue.
final class ProbeManager: Sendable {
    struct Key: Hashable, Sendable {
        var podUID: String
        var containerID: String
        var kind: ProbeKind
    }

    /// Hears of a probe that failed, and of results that have changed.
    struct Listener: Sendable {
        /// The pod, the container, the kind of probe, the outcome, whether the result is another one.
        var probed:
            @Sendable (_ key: Key, _ container: String, _ outcome: ProbeOutcome, _ changed: Bool) -> Void
    }

    private struct Entry {
        var state: ProbeState
        var probe: Probe
        var target: Prober.Target
        var token: TimerQueue.Token?
        var task: Task<Void, Never>?
        /// How often it succeeded, failed, and could not be run.
        var counts: (UInt64, UInt64, UInt64) = (0, 0, 0)
    }

    struct Count: Sendable {
        var key: Key
        var container: String
        /// As Kubernetes' kubelet names it: `successful`, `failed`, `unknown`.
        var result: String
        var count: UInt64
    }

    /// How often the probes of the containers that run have had which result.
    func counts() -> [Count] {
        let entries = entries.withLock {
            $0.map { ($0.key, $0.value.target.container.name, $0.value.counts) }
        }
        return entries.flatMap { key, name, counts in
            [("successful", counts.0), ("failed", counts.1), ("unknown", counts.2)].compactMap {
                result, count in
                count > 0 ? Count(key: key, container: name, result: result, count: count) : nil
            }
        }
    }

    private let prober: Prober
    private let timers: TimerQueue
    private let clock: any WallClock
    private let listener: Listener
    private let userAgent: String
    private let entries = Mutex<[Key: Entry]>([:])

    init(prober: Prober, timers: TimerQueue, clock: any WallClock, version: String, listener: Listener) {
        self.prober = prober
        self.timers = timers
        self.clock = clock
        self.listener = listener
        let parts = version.drop { $0 == "v" }.split(separator: ".").prefix(2)
        userAgent = "kube-probe/" + parts.joined(separator: ".")
    }

    /// Brings the probes of a pod in line with the containers that run.
    func update(_ pod: Pod, _ state: PodRuntimeState, address: IPAddress?) {
        var wanted: [Key: (Probe, Prober.Target, Timestamp)] = [:]
        let spec = pod.spec
        let results = results(of: pod.uid)
        for container in spec.initContainers.filter(\.isSidecar) + spec.containers {
            guard let run = state.last(container.name), run.isRunning else { continue }
            let isStarted = results.isStarted(container, run.id)
            for kind in ProbeKind.allCases {
                guard let probe = kind.probe(of: container) else { continue }
                // The others wait for the startup probe.
                if kind != .startup, !isStarted { continue }
                let target = Prober.Target(container: container, containerID: run.id, address: address)
                let key = Key(podUID: pod.uid, containerID: run.id, kind: kind)
                wanted[key] = (probe, target, run.started ?? run.created)
            }
        }
        remove { $0.podUID == pod.uid && wanted[$0] == nil }
        for (key, (probe, target, started)) in wanted { add(key, probe, target, started: started) }
    }

    /// Ends the probes of a pod; of `kinds` only where given.
    func stop(_ uid: String, kinds: Set<ProbeKind> = Set(ProbeKind.allCases)) {
        remove { $0.podUID == uid && kinds.contains($0.kind) }
    }

    func results(of uid: String) -> PodProbeResults {
        entries.withLock { entries in
            var results = PodProbeResults()
            for (key, entry) in entries where key.podUID == uid {
                results[key.containerID, key.kind] = entry.state.result
            }
            return results
        }
    }

    private func remove(where matches: (Key) -> Bool) {
        let removed = entries.withLock { entries in
            let removed = entries.filter { matches($0.key) }
            for key in removed.keys { entries[key] = nil }
            return Array(removed.values)
        }
        for entry in removed {
            if let token = entry.token { timers.cancel(token) }
            entry.task?.cancel()
        }
    }

    private func add(_ key: Key, _ probe: Probe, _ target: Prober.Target, started: Timestamp) {
        let isNew = entries.withLock { entries in
            guard entries[key] == nil else {
                entries[key]?.target = target
                return false
            }
            entries[key] = Entry(state: ProbeState(key.kind, probe), probe: probe, target: target)
            return true
        }
        guard isNew else { return }
        let due = started + .seconds(probe.initialDelaySeconds)
        schedule(key, after: max(.zero, due - clock.now))
    }

    private func schedule(_ key: Key, after delay: Duration) {
        let token = timers.schedule(after: delay) { [weak self] in self?.fire(key) }
        let isWanted = entries.withLock { entries in
            entries[key]?.token = token
            return entries[key] != nil
        }
        if !isWanted { timers.cancel(token) }
    }

    private func fire(_ key: Key) {
        entries.withLock { entries in
            guard let entry = entries[key], entry.task == nil else { return }
            entries[key]?.task = Task { await self.run(key, entry.probe, entry.target) }
        }
    }

    private func run(_ key: Key, _ probe: Probe, _ target: Prober.Target) async {
        let begun = clock.now
        let outcome = await prober.run(probe, target, userAgent: userAgent)
        guard !Task.isCancelled else { return }
        let period = Duration.seconds(max(1, probe.periodSeconds))
        let taken = entries.withLock { entries -> (changed: Bool, finished: Bool)? in
            guard var entry = entries[key] else { return nil }
            let changed = entry.state.record(outcome)
            switch outcome {
            case .success: entry.counts.0 += 1
            case .failure: entry.counts.1 += 1
            case .unknown: entry.counts.2 += 1
            }
            entry.task = nil
            entries[key] = entry
            return (changed, entry.state.isFinished)
        }
        guard let taken else { return }
        listener.probed(key, target.container.name, outcome, taken.changed)
        if !taken.finished { schedule(key, after: max(.zero, period - (clock.now - begun))) }
    }
}
