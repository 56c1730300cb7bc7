internal import EdgeAPI
internal import EdgeBase

/// Decides what a pod needs now from what there is of it: no clock, no runtime, no state of its own.
struct PodPlanner {
    let spec: PodSpec
    let state: PodRuntimeState
    let probes: PodProbeResults
    /// By container name.
    let backoffs: [String: RestartBackoff]
    /// When the kubelet first saw the pod.
    let startTime: Timestamp?
    let now: Timestamp
    /// Names the present definition of a container, compared with that of its run.
    var definition: (Container) -> String = { $0.image }

    private var plan = PodPlan()

    init(
        spec: PodSpec, state: PodRuntimeState, probes: PodProbeResults = PodProbeResults(),
        backoffs: [String: RestartBackoff] = [:], startTime: Timestamp? = nil, now: Timestamp
    ) {
        self.spec = spec
        self.state = state
        self.probes = probes
        self.backoffs = backoffs
        self.startTime = startTime
        self.now = now
    }

    var restartsOnFailure: Bool { spec.restartPolicy != "Never" }

    static func plan(_ planner: PodPlanner) -> PodPlan {
        var planner = planner
        planner.run()
        return planner.plan
    }

    private mutating func run() {
        if exceedsDeadline() { return }
        let sandbox = state.readySandbox
        guard let sandbox, state.sandboxes.filter(\.isReady).count == 1 else { return planSandbox() }
        guard planInitContainers(in: sandbox.id) else { return }
        let keeps = planContainers()
        if !keeps, plan.starts.isEmpty, plan.waits.isEmpty {
            plan = PodPlan(kill: PodPlan.PodKill(isFinal: true))
            return
        }
        planEphemeralContainers()
    }

    // MARK: The pod

    private mutating func exceedsDeadline() -> Bool {
        guard let seconds = spec.activeDeadlineSeconds, let startTime else { return false }
        let deadline = startTime + .seconds(seconds)
        guard now >= deadline else {
            plan.wake(at: deadline)
            return false
        }
        plan.kill = PodPlan.PodKill(
            isFinal: true, reason: "DeadlineExceeded",
            message: "Pod was active on the node longer than the specified deadline")
        return true
    }

    /// There is no sandbox, or it is dead: all starts again in a new one, unless the pod has done its work.
    private mutating func planSandbox() {
        let attempt = (state.sandboxes.map(\.attempt).max() ?? -1) + 1
        let regular = spec.containers.map { state.last($0.name) }
        if regular.contains(where: { $0 != nil }) {
            let unfinished = zip(spec.containers, regular).filter { container, run in
                shouldRun(container, run)
            }
            if unfinished.isEmpty {
                plan.kill = PodPlan.PodKill(isFinal: true)
                return
            }
        } else if !restartsOnFailure, hasFailedInitContainer {
            plan.kill = PodPlan.PodKill(isFinal: true)
            return
        }
        if !state.sandboxes.isEmpty { plan.kill = PodPlan.PodKill(isFinal: false) }
        plan.sandboxAttempt = attempt
        if let first = spec.initContainers.first {
            start(first, state.last(first.name))
        } else {
            for (container, run) in zip(spec.containers, regular) where shouldRun(container, run) {
                start(container, run)
            }
            planEphemeralContainers()
        }
    }

    private var hasFailedInitContainer: Bool {
        spec.initContainers.contains { container in
            guard !container.isSidecar, let exit = state.last(container.name)?.exit else { return false }
            return exit.code != 0
        }
    }

    // MARK: Init containers

    /// Whether the pod is initialised, so that its containers may run.
    private mutating func planInitContainers(in sandbox: String) -> Bool {
        let isInitialized = spec.containers.contains { container in
            state.runs.contains { $0.name == container.name && $0.sandboxID == sandbox }
        }
        let runs = spec.initContainers.map { container in
            state.last(container.name).flatMap { $0.sandboxID == sandbox ? $0 : nil }
        }
        for (index, container) in spec.initContainers.enumerated() {
            // A later one has begun: this one had done its part, even where its run is not known any more.
            let isPassed = isInitialized || runs[(index + 1)...].contains { $0 != nil }
            let isDone =
                container.isSidecar
                ? planSidecar(container, runs[index], isPassed: isPassed)
                : planInitContainer(container, runs[index], isPassed: isPassed)
            if plan.kill != nil { return false }
            if !isDone, !isPassed { return false }
        }
        return true
    }

    private mutating func planInitContainer(_ container: Container, _ run: ContainerRun?, isPassed: Bool)
        -> Bool
    {
        if isPassed { return true }
        guard let run else {
            start(container, state.last(container.name))
            return false
        }
        switch run.state {
        case .running: return false
        case .created:
            remove(run)
            return false
        case .exited(let exit):
            if exit.code == 0 { return true }
            if restartsOnFailure {
                start(container, run)
            } else {
                plan = PodPlan(kill: PodPlan.PodKill(isFinal: true))
            }
            return false
        }
    }

    /// A sidecar lets the next one begin once it has started.
    private mutating func planSidecar(_ container: Container, _ run: ContainerRun?, isPassed: Bool) -> Bool {
        guard let run else {
            start(container, state.last(container.name))
            return false
        }
        switch run.state {
        case .created:
            remove(run)
            return false
        case .exited:
            start(container, run)
            return false
        case .running:
            if killForProbes(container, run) { return false }
            return probes.isStarted(container, run.id)
        }
    }

    // MARK: Containers

    /// Whether any container runs or will run.
    private mutating func planContainers() -> Bool {
        var keeps = false
        for container in spec.containers {
            let run = state.last(container.name)
            guard let run, run.state != .created else {
                if let run { remove(run) } else { start(container, nil) }
                keeps = true
                continue
            }
            if run.isRunning {
                keeps = true
                if !run.definition.isEmpty, run.definition != definition(container) {
                    plan.kills.append(
                        .init(id: run.id, name: run.name, reason: .definitionChanged, grace: nil))
                } else {
                    _ = killForProbes(container, run)
                }
            } else if shouldRun(container, run) {
                start(container, run)
                keeps = true
            }
        }
        return keeps
    }

    private mutating func planEphemeralContainers() {
        for container in spec.ephemeralContainers where state.last(container.name) == nil {
            start(container, nil)
        }
    }

    private func shouldRun(_ container: Container, _ run: ContainerRun?) -> Bool {
        guard let run else { return true }
        guard let exit = run.exit else { return true }
        switch spec.restartPolicy {
        case "Never": return false
        case "OnFailure": return exit.code != 0
        default: return true
        }
    }

    private mutating func killForProbes(_ container: Container, _ run: ContainerRun) -> Bool {
        guard let failed = probes.failure(container, run.id) else { return false }
        let probe = failed == .livenessProbe ? container.livenessProbe : container.startupProbe
        plan.kills.append(
            .init(
                id: run.id, name: run.name, reason: failed, grace: probe?.terminationGracePeriodSeconds))
        return true
    }

    private mutating func remove(_ run: ContainerRun) {
        plan.kills.append(.init(id: run.id, name: run.name, reason: .notStarted, grace: 0))
    }

    /// Starts now, or later when the last run ended a short time ago.
    private mutating func start(_ container: Container, _ last: ContainerRun?) {
        guard let last, let exit = last.exit else {
            plan.starts.append(.init(name: container.name, attempt: last.map { $0.attempt + 1 } ?? 0))
            return
        }
        if let backoff = backoffs[container.name],
            let remaining = backoff.remaining(since: exit.finished, now: now)
        {
            let until = now + remaining
            plan.waits.append(.init(name: container.name, delay: backoff.delay, until: until))
            plan.wake(at: until)
            return
        }
        plan.starts.append(
            .init(name: container.name, attempt: last.attempt + 1, previousEnd: exit.finished))
    }
}
