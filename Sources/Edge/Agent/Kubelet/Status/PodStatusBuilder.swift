internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Why a container that should run is waiting.
struct WaitingReason: Sendable, Equatable {
    var reason: String
    var message = ""
}

/// Says what a pod's status is, from its specification and what there is of it. Pure.
struct PodStatusBuilder {
    let pod: Pod
    let state: PodRuntimeState
    var probes = PodProbeResults()
    /// By container name: why the last start did not succeed or has not come yet.
    var waiting: [String: WaitingReason] = [:]
    /// The pod's addresses, the primary one first.
    var addresses: [IPAddress] = []
    var hostAddresses: [IPAddress] = []
    var startTime: Timestamp?
    /// The pod ends for this reason; its phase becomes Failed.
    var failure: WaitingReason?
    /// Nothing of the pod is started any more.
    var isTerminating = false
    /// By container identifier: the resources that its group has, where they are known.
    var applied: [String: ResourceRequirements] = [:]
    var resizing: ResizeCondition?
    let now: Timestamp

    /// The new status; fields and conditions of others are taken over from the pod's present one.
    func build() -> PodStatus {
        var status = pod.status
        let spec = pod.spec
        let old = pod.status
        status.initContainerStatuses = spec.initContainers.map {
            containerStatus($0, .initial, old.initContainerStatuses)
        }
        status.containerStatuses = spec.containers.map {
            containerStatus($0, .regular, old.containerStatuses)
        }
        status.ephemeralContainerStatuses = spec.ephemeralContainers.map {
            containerStatus($0, .ephemeral, old.ephemeralContainerStatuses)
        }
        status.phase = phase(status)
        if let failure {
            status.reason = failure.reason
            status.message = failure.message
        }
        status.qosClass = old.qosClass.isEmpty ? spec.qosClass : old.qosClass
        if status.startTime == nil { status.startTime = startTime }
        setAddresses(&status)
        if pod.generation > 0 { status.observedGeneration = pod.generation }
        setConditions(&status)
        return status
    }

    private func setAddresses(_ status: inout PodStatus) {
        if let host = hostAddresses.first {
            status.hostIP = host.description
            status.hostIPs = hostAddresses.map { PodIP(["ip": .string($0.description)]) }
        }
        let own = pod.spec.hostNetwork ? hostAddresses : addresses
        if let first = own.first, state.readySandbox != nil || !status.podIP.isEmpty {
            status.podIP = first.description
            status.podIPs = own.map { PodIP(["ip": .string($0.description)]) }
        }
    }

    // MARK: Phase

    private func phase(_ status: PodStatus) -> String {
        let old = pod.status.phase
        // Terminal is terminal.
        if old == "Succeeded" || old == "Failed" { return old }
        let computed = computedPhase(status)
        let isTerminal = computed == "Succeeded" || computed == "Failed"
        // Others may reuse what a finished pod held: it is not finished before all of it has stopped.
        if isTerminal, state.isAnyRunning { return old.isEmpty ? "Pending" : old }
        return computed
    }

    private func computedPhase(_ status: PodStatus) -> String {
        if failure != nil { return "Failed" }
        let spec = pod.spec
        var pendingInit = 0
        for (container, entry) in zip(spec.initContainers, status.initContainerStatuses) {
            if container.isSidecar {
                if entry.started != true, entry.lastState.isEmpty, entry.state.terminated == nil {
                    pendingInit += 1
                }
                continue
            }
            let ended = entry.state.terminated ?? entry.lastState.terminated
            if let ended, ended.exitCode != 0, spec.restartPolicy == "Never" { return "Failed" }
            if entry.state.terminated?.exitCode != 0 { pendingInit += 1 }
        }
        let states = status.containerStatuses.map { entry -> ContainerStateTerminated? in
            entry.state.terminated ?? (entry.state.waiting != nil ? entry.lastState.terminated : nil)
        }
        let running = status.containerStatuses.filter { $0.state.running != nil }.count
        let stopped = states.compactMap { $0 }
        let waiting = status.containerStatuses.count - running - stopped.count
        let succeeded = stopped.filter { $0.exitCode == 0 }.count
        if isTerminating, running == 0 {
            // What never ran is no success, and neither is what was killed.
            return waiting == 0 && pendingInit == 0 && succeeded == stopped.count ? "Succeeded" : "Failed"
        }
        if pendingInit > 0, running == 0, stopped.isEmpty { return "Pending" }
        if waiting > 0 { return "Pending" }
        if running > 0 { return "Running" }
        if stopped.isEmpty { return "Pending" }
        if spec.restartPolicy == "Always" { return "Running" }
        if succeeded == stopped.count { return "Succeeded" }
        return spec.restartPolicy == "Never" ? "Failed" : "Running"
    }
}
