internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension PodStatusBuilder {
    enum Role {
        case initial, regular, ephemeral
    }

    /// The prefix of container identifiers.
    static let runtimeName = "edge"

    func containerStatus(_ container: Container, _ role: Role, _ old: [ContainerStatus]) -> ContainerStatus {
        let old = old.first { $0.name == container.name }
        var status = ContainerStatus()
        status.name = container.name
        guard let run = state.last(container.name), run.state != .created else {
            status.state.waiting = waitingState(container)
            if let old { status.lastState = old.lastState }
            status.ready = false
            status.restartCount = old?.restartCount ?? 0
            status.image = container.image
            status.imageID = ""
            status.started = false
            return status
        }
        fill(&status, container, role, run, old)
        return status
    }

    private func fill(
        _ status: inout ContainerStatus, _ container: Container, _ role: Role, _ run: ContainerRun,
        _ old: ContainerStatus?
    ) {
        status.restartCount = run.attempt
        status.image = run.image.isEmpty ? container.image : run.image
        status.imageID = run.imageID
        status.containerID = "\(Self.runtimeName)://\(run.id)"
        status.started = false
        status.ready = false
        status.lastState = lastState(run, old)
        switch run.state {
        case .created: break
        case .running:
            var running = ContainerStateRunning()
            running.startedAt = run.started ?? run.created
            status.state.running = running
            let isStarted = probes.isStarted(container, run.id)
            status.started = isStarted
            setResources(&status, applied[run.id] ?? container.resources)
            switch role {
            case .regular: status.ready = probes.isReady(container, run.id)
            case .initial: status.ready = container.isSidecar && probes.isReady(container, run.id)
            case .ephemeral: break
            }
        case .exited(let exit):
            let terminated = Self.terminated(run, exit)
            if let reason = waiting[container.name], !isTerminating {
                // It is to run again: what it ended with moves to the last state.
                var state = ContainerStateWaiting()
                state.reason = reason.reason
                state.message = reason.message
                status.state.waiting = state
                status.lastState.terminated = terminated
            } else {
                status.state.terminated = terminated
                status.ready = role == .initial && exit.code == 0
            }
        }
    }

    private func setResources(_ status: inout ContainerStatus, _ resources: ResourceRequirements) {
        guard !resources.requests.isEmpty || !resources.limits.isEmpty else { return }
        status.allocatedResources = resources.requests
        var shown = resources
        shown.claims = nil
        status.resources = shown
    }

    private func waitingState(_ container: Container) -> ContainerStateWaiting {
        var state = ContainerStateWaiting()
        if let reason = waiting[container.name] {
            state.reason = reason.reason
            state.message = reason.message
        } else {
            state.reason = pod.spec.initContainers.isEmpty ? "ContainerCreating" : "PodInitializing"
        }
        return state
    }

    private func lastState(_ run: ContainerRun, _ old: ContainerStatus?) -> ContainerState {
        if let previous = state.previous(run.name), let exit = previous.exit {
            var state = ContainerState()
            state.terminated = Self.terminated(previous, exit)
            return state
        }
        guard let old else { return ContainerState() }
        if old.restartCount == run.attempt { return old.lastState }
        guard old.state.terminated != nil else { return old.lastState }
        return old.state
    }

    static func terminated(_ run: ContainerRun, _ exit: ContainerRun.Exit) -> ContainerStateTerminated {
        var state = ContainerStateTerminated()
        state.exitCode = exit.code
        state.signal = exit.signal
        state.reason = exit.reason
        state.message = exit.message
        state.startedAt = run.started ?? exit.finished
        state.finishedAt = exit.finished
        state.containerID = "\(runtimeName)://\(run.id)"
        return state
    }
}
