internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeRuntime

/// Looks after one pod from the moment that it is given to this node until nothing is left of it. All steps of a
/// pod follow each other; several pods do not wait for each other.
actor PodWorker {
    enum Phase: Equatable {
        /// Containers are started and kept running.
        case syncing
        /// Everything ends.
        case terminating
        /// Nothing of the pod runs, and its resources are free.
        case terminated
    }

    nonisolated let uid: String
    nonisolated let mailbox = PodMailbox()
    let context: PodContext

    var pod: Pod
    var phase = Phase.syncing
    var isRemoved = false
    var stop: PodMailbox.Stop?
    /// Why the pod fails as a whole.
    var failure: WaitingReason?
    var waiting: [String: WaitingReason] = [:]
    var backoffs: [String: RestartBackoff] = [:]
    var addresses: [IPAddress] = []
    var volumes: [String: PreparedVolume]?
    /// Runs that only the API remembers, since the host has been booted since.
    var remembered: [ContainerRun] = []
    /// By container identifier.
    var messages: [String: String] = [:]
    /// What was there when the pod ended.
    var final: PodRuntimeState?
    var startTime: Timestamp?
    /// By container identifier: what its group has been given.
    var applied: [String: ResourceRequirements] = [:]
    /// Why the pod's wished resources are not what it has.
    var resizing: ResizeCondition?
    var failures = 0
    var isAdmitted = false
    private var wakeUp: TimerQueue.Token?
    private var refresh: TimerQueue.Token?

    init(_ pod: Pod, _ context: PodContext) {
        self.pod = pod
        uid = pod.uid
        self.context = context
    }

    /// Works until nothing is left of the pod.
    func run() async {
        adopt()
        while let delivery = await mailbox.next() {
            take(delivery)
            let step = Task { await self.step() }
            let (phase, grace) = (phase, terminationGrace)
            mailbox.setInterrupt { if Self.interrupts($0, phase, grace) { step.cancel() } }
            await step.value
            mailbox.setInterrupt(nil)
            if self.phase == .terminated, isRemoved || stop != nil { break }
        }
        cancelTimers()
        context.statuses.forget(uid)
        context.images.forget(uid)
    }

    /// Whether news end what the worker is doing: the pod must end, or end sooner.
    private static func interrupts(_ news: PodMailbox.Delivery, _ phase: Phase, _ grace: Int) -> Bool {
        switch phase {
        case .syncing: news.isRemoved || news.stop != nil || news.pod?.isBeingDeleted == true
        case .terminating:
            (news.pod?.deletionGracePeriodSeconds ?? grace) < grace || (news.stop?.grace ?? grace) < grace
        case .terminated: false
        }
    }

    private func take(_ delivery: PodMailbox.Delivery) {
        if let pod = delivery.pod { self.pod = pod }
        if delivery.isRemoved { isRemoved = true }
        if let stop = delivery.stop { self.stop = stop }
        if phase == .syncing, isRemoved || pod.isBeingDeleted { phase = .terminating }
    }

    private func step() async {
        switch phase {
        case .syncing:
            if stop != nil { return await halt() }
            await sync()
            // What the plan found to be the end follows at once.
            if phase == .terminating, !Task.isCancelled { await terminate() }
        case .terminating: await terminate()
        case .terminated: await finish()
        }
    }

    // MARK: Taking over

    /// Begins with what an earlier edge, or an earlier boot, has left.
    private func adopt() {
        startTime = pod.status.startTime
        remembered = RememberedRuns.runs(pod.status, now: context.clock.now)
        let state = runtimeState()
        for run in state.runs where !run.imageID.isEmpty {
            context.provider.hold(run.imageID, holder: Self.holder(uid, run.name, run.attempt))
        }
        if pod.isTerminal, state.sandboxes.isEmpty {
            final = PodRuntimeState(runs: remembered)
            phase = .terminated
        } else if pod.isTerminal {
            phase = .terminating
        }
        scheduleRefresh()
    }

    static func holder(_ uid: String, _ container: String, _ attempt: Int) -> String {
        "\(uid)/\(container)/\(attempt)"
    }

    // MARK: Looking

    /// What there is of the pod now.
    func runtimeState() -> PodRuntimeState {
        if let final { return final }
        var state = PodRuntimeState()
        for sandbox in context.runtime.listPodSandboxes() where sandbox.uid == uid {
            state.sandboxes.append(
                SandboxRun(
                    id: sandbox.id, attempt: Int(sandbox.attempt), created: sandbox.created,
                    isReady: sandbox.state == .ready))
            state.runs += context.runtime.listContainers(sandboxID: sandbox.id).map { ContainerRun($0) }
        }
        for index in state.runs.indices {
            guard case .exited(var exit) = state.runs[index].state, exit.message.isEmpty else { continue }
            exit.message = messages[state.runs[index].id] ?? ""
            state.runs[index].state = .exited(exit)
        }
        for run in remembered
        where !state.runs.contains(where: { $0.name == run.name && $0.attempt >= run.attempt }) {
            state.runs.append(run)
        }
        state.runs.sort { $0.attempt < $1.attempt }
        return state
    }

    /// Brings the pod's status to the API.
    func publish(_ state: PodRuntimeState, isTerminating: Bool = false) {
        let builder = PodStatusBuilder(
            pod: pod, state: state, probes: context.probes.results(of: uid), waiting: waiting,
            addresses: addresses, hostAddresses: context.configuration.nodeAddresses, startTime: startTime,
            failure: failure, isTerminating: isTerminating, applied: applied, resizing: resizing,
            now: context.clock.now)
        let context = context
        let pod = pod
        context.statuses.submit(pod, latest: { context.latest(pod) }) { builder.build(for: $0) }
    }

    // MARK: Waking

    func wake(at time: Timestamp) { wake(after: max(.zero, time - context.clock.now)) }

    func wake(after delay: Duration) {
        if let wakeUp { context.timers.cancel(wakeUp) }
        let mailbox = mailbox
        wakeUp = context.timers.schedule(after: delay) { mailbox.poke() }
    }

    /// Later each time while the same step fails.
    func wakeAfterFailure() {
        let backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(60))
        wake(after: backoff.delay(afterFailures: failures))
        failures += 1
    }

    private func scheduleRefresh() {
        guard VolumeManager.needsRefresh(pod.spec), phase == .syncing else { return }
        refresh = context.timers.schedule(after: context.configuration.volumeRefresh) { [weak self] in
            guard let self else { return }
            Task { await self.refreshVolumes() }
        }
    }

    private func refreshVolumes() async {
        guard phase == .syncing, stop == nil else { return }
        if runtimeState().isAnyRunning { await context.volumes.refresh(pod, fields: fields()) }
        scheduleRefresh()
    }

    func cancelTimers() {
        for token in [wakeUp, refresh].compactMap({ $0 }) { context.timers.cancel(token) }
        wakeUp = nil
        refresh = nil
    }

    func fields() -> FieldResolver {
        FieldResolver(
            pod: pod, addresses: addresses, hostAddresses: context.configuration.nodeAddresses,
            allocatable: context.node.allocatable)
    }
}

extension PodStatusBuilder {
    /// The same for another version of the pod.
    func build(for pod: Pod) -> PodStatus {
        PodStatusBuilder(
            pod: pod, state: state, probes: probes, waiting: waiting, addresses: addresses,
            hostAddresses: hostAddresses, startTime: startTime, failure: failure,
            isTerminating: isTerminating, applied: applied, resizing: resizing, now: now
        ).build()
    }
}

extension ContainerRun {
    init(_ container: EdgeRuntime.Container) {
        let state: State =
            switch container.state {
            case .created: .created
            case .running: .running
            case .exited(let exit):
                .exited(
                    Exit(
                        code: Int(exit.code), signal: Int(exit.signal), reason: exit.reason.rawValue,
                        message: exit.message, finished: exit.finished))
            }
        self.init(
            id: container.id, name: container.name, attempt: Int(container.attempt),
            sandboxID: container.sandboxID, image: container.image, imageID: container.imageID,
            created: container.created, started: container.started, state: state,
            definition: container.annotations[ContainerDefinition.annotation] ?? "")
    }
}
