internal import EdgeAPI
internal import EdgeBase

extension PodStatusBuilder {
    func setConditions(_ status: inout PodStatus) {
        let hasNetwork = pod.spec.hostNetwork || !addresses.isEmpty
        let isReadyToStart = state.readySandbox != nil && hasNetwork
        set(&status, "PodReadyToStartContainers", isReadyToStart)
        let initialized = initializedCondition(status)
        set(&status, "Initialized", initialized.0, initialized.1)
        let containers = containersReadyCondition(status)
        set(&status, "ContainersReady", containers.0, containers.1)
        let ready = containers.0 ? readinessGates(status) : containers
        set(&status, "Ready", ready.0, ready.1)
        for type in [ResizeCondition.pending, ResizeCondition.inProgress] {
            if let resizing, resizing.type == type {
                set(&status, type, true, WaitingReason(reason: resizing.reason, message: resizing.message))
            } else if status.condition(type) != nil {
                status.removeCondition(type)
            }
        }
        if status.condition("PodScheduled") == nil { set(&status, "PodScheduled", true) }
    }

    private func set(
        _ status: inout PodStatus, _ type: String, _ value: Bool, _ cause: WaitingReason? = nil
    ) {
        var condition = Condition(
            type: type, status: ConditionStatus(value), reason: cause?.reason ?? "",
            message: cause?.message ?? "")
        if pod.generation > 0 { condition.observedGeneration = pod.generation }
        status.setCondition(condition, now: now)
    }

    private func initializedCondition(_ status: PodStatus) -> (Bool, WaitingReason?) {
        if status.phase == "Succeeded" { return (true, WaitingReason(reason: "PodCompleted")) }
        let isRunning = status.containerStatuses.contains {
            $0.state.running != nil || !$0.lastState.isEmpty || $0.state.terminated != nil
        }
        let incomplete = zip(pod.spec.initContainers, status.initContainerStatuses).filter {
            container, entry in
            if isRunning { return false }
            return container.isSidecar ? entry.started != true : entry.state.terminated?.exitCode != 0
        }.map(\.0.name)
        guard !incomplete.isEmpty else { return (true, nil) }
        return (
            false,
            WaitingReason(
                reason: "ContainersNotInitialized",
                message: "containers with incomplete status: [\(incomplete.joined(separator: " "))]")
        )
    }

    private func containersReadyCondition(_ status: PodStatus) -> (Bool, WaitingReason?) {
        if status.phase == "Succeeded" { return (false, WaitingReason(reason: "PodCompleted")) }
        if status.phase == "Failed" { return (false, WaitingReason(reason: "PodFailed")) }
        let sidecars = zip(pod.spec.initContainers, status.initContainerStatuses).filter { $0.0.isSidecar }
        let entries = sidecars.map(\.1) + status.containerStatuses
        let unready = entries.filter { !$0.ready }.map(\.name)
        guard !unready.isEmpty else { return (true, nil) }
        return (
            false,
            WaitingReason(
                reason: "ContainersNotReady",
                message: "containers with unready status: [\(unready.joined(separator: " "))]")
        )
    }

    private func readinessGates(_ status: PodStatus) -> (Bool, WaitingReason?) {
        let messages = pod.spec.readinessGates.compactMap { gate -> String? in
            let type = gate.conditionType
            guard let condition = status.condition(type) else {
                return "corresponding condition of pod readiness gate \"\(type)\" does not exist."
            }
            guard !condition.isTrue else { return nil }
            return
                "the status of pod readiness gate \"\(type)\" is not \"True\", but \(condition.status.rawValue)"
        }
        guard !messages.isEmpty else { return (true, nil) }
        return (
            false, WaitingReason(reason: "ReadinessGatesNotReady", message: messages.joined(separator: ", "))
        )
    }
}
