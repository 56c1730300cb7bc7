internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeSystem

extension PodWorker {
    /// Gives the running containers the processor time and memory that the pod asks for by now.
    func resize(_ state: PodRuntimeState) async {
        adoptResources(state)
        switch planner(state).plan() {
        case .nothing: resizing = nil
        case .pending(let reason, let message):
            let condition = ResizeCondition(type: ResizeCondition.pending, reason: reason, message: message)
            if resizing != condition { context.report(pod, .warning, "Resize\(reason)", message) }
            resizing = condition
        case .apply(let changes):
            do {
                try await apply(changes, state)
                resizing = nil
                context.report(pod, .normal, "ResizeCompleted", "Pod resize completed")
            } catch {
                resizing = ResizeCondition(
                    type: ResizeCondition.inProgress, reason: "Error", message: "\(error)")
                wakeAfterFailure()
            }
        }
    }

    private func planner(_ state: PodRuntimeState) -> ResizePlanner {
        var others: [String: Quantity] = [:]
        let changes = ResizePlanner(
            spec: pod.spec, state: state, applied: applied, allocatable: [:], others: [:])
        // Only a change is worth adding up what the others have.
        if changes.plan() != .nothing {
            for object in context.pods.list() {
                guard let other = try? Pod(decoding: object), other.uid != uid, !other.isTerminal else {
                    continue
                }
                others = others.adding(other.spec.totalRequests)
            }
        }
        return ResizePlanner(
            spec: pod.spec, state: state, applied: applied, allocatable: context.node.allocatable,
            others: others)
    }

    /// Containers that an earlier edge has started have what the pod's status says.
    private func adoptResources(_ state: PodRuntimeState) {
        let running = state.runs.filter(\.isRunning)
        for run in running where applied[run.id] == nil {
            guard let container = container(run.name) else { continue }
            let statuses = pod.status.containerStatuses + pod.status.initContainerStatuses
            let status = statuses.first { $0.name == run.name && $0.containerID.hasSuffix(run.id) }
            applied[run.id] = status?.resources ?? container.resources
        }
        if applied.count > running.count {
            applied = applied.filter { entry in running.contains { $0.id == entry.key } }
        }
    }

    /// The pod's own group has room for its containers at any moment: it grows before them and shrinks after.
    private func apply(_ changes: [ResizePlanner.Change], _ state: PodRuntimeState) async throws {
        guard let sandbox = state.readySandbox else { return }
        let limits = ContainerResources.limits(of: pod.spec, pids: nil).resizing
        for change in changes where !change.restarts {
            guard let container = container(change.name) else { continue }
            try await checkUsage(change, container)
        }
        var open = limits
        open.memory = -1
        open.cpuQuota = -1
        try await context.runtime.updateResources(ofSandbox: sandbox.id, open)
        for change in changes {
            guard let container = container(change.name) else { continue }
            if change.restarts {
                context.report(
                    pod, .normal, "Killing", "Container \(change.name) resize requires restart",
                    container: container)
                guard let run = state.runs.first(where: { $0.id == change.id }) else { continue }
                await stop(
                    run, container, grace: .seconds(pod.spec.terminationGracePeriodSeconds), announces: false)
                mailbox.poke()
            } else {
                try await context.runtime.updateResources(
                    ofContainer: change.id, ContainerResources.limits(of: container).resizing)
                applied[change.id] = container.resources
            }
        }
        try await context.runtime.updateResources(ofSandbox: sandbox.id, limits)
    }

    /// A limit below what is in use would kill the container.
    private func checkUsage(_ change: ResizePlanner.Change, _ container: Container) async throws {
        guard let limit = container.resources.limits["memory"]?.value,
            limit < applied[change.id]?.limits["memory"]?.value ?? .max,
            let usage = try await context.runtime.stats(ofContainer: change.id).workingSet,
            usage > UInt64(limit)
        else { return }
        throw KubeletError(
            "attempting to set container \(change.name)'s memory limit (\(limit)) below current usage (\(usage))"
        )
    }
}

extension CgroupLimits {
    /// The same for a group that has limits already: what is not limited loses its limit.
    fileprivate var resizing: CgroupLimits {
        var limits = self
        limits.memory = memory ?? -1
        limits.memoryAndSwap = memoryAndSwap ?? -1
        limits.cpuQuota = cpuQuota ?? -1
        limits.killsGroupOnOOM = nil
        return limits
    }
}
