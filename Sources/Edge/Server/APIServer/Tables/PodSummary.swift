internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The state of a pod in a few words: what READY, STATUS and RESTARTS show.
struct PodSummary {
    private(set) var reason: String
    private(set) var ready = 0
    private(set) var total: Int
    private(set) var restarts = 0
    private(set) var lastRestart: Timestamp?

    init(_ pod: Pod) {
        let spec = pod.spec
        let status = pod.status
        reason = status.reason.isEmpty ? status.phase : status.reason
        if status.condition("PodScheduled")?.reason == "SchedulingGated" { reason = "SchedulingGated" }
        let initContainers = spec.initContainers
        let sidecars = Set(initContainers.filter(\.isSidecar).map(\.name))
        total = (spec.json["containers"]?.array ?? []).count + sidecars.count
        let isInitializing = addInit(status.initContainerStatuses, sidecars, count: initContainers.count)
        if !isInitializing || status.isTrue("Initialized") { addMain(status, sidecars) }
        if pod.isBeingDeleted {
            if status.reason == "NodeLost" {
                reason = "Unknown"
            } else if !pod.isTerminal {
                reason = "Terminating"
            }
        }
    }

    /// Whether an init container is still at work, or has failed.
    private mutating func addInit(_ statuses: [ContainerStatus], _ sidecars: Set<String>, count: Int) -> Bool
    {
        for (index, container) in statuses.enumerated() {
            addRestarts(container)
            let isSidecar = sidecars.contains(container.name)
            if container.state.terminated?.exitCode == 0 { continue }
            if isSidecar, container.started ?? false {
                if container.ready { ready += 1 }
                continue
            }
            if let end = container.state.terminated {
                reason = "Init:" + Self.text(end)
            } else if let waiting = container.state.waiting, !waiting.reason.isEmpty,
                waiting.reason != "PodInitializing"
            {
                reason = "Init:" + waiting.reason
            } else {
                reason = "Init:\(index)/\(count)"
            }
            return true
        }
        return false
    }

    private mutating func addMain(_ status: PodStatus, _ sidecars: Set<String>) {
        restarts = 0
        lastRestart = nil
        for container in status.initContainerStatuses where sidecars.contains(container.name) {
            addRestarts(container)
        }
        var hasRunning = false
        for container in status.containerStatuses.reversed() {
            addRestarts(container)
            if let waiting = container.state.waiting, !waiting.reason.isEmpty {
                reason = waiting.reason
            } else if let end = container.state.terminated {
                reason = Self.text(end)
            } else if container.ready, container.state.running != nil {
                hasRunning = true
                ready += 1
            }
        }
        // One container has completed, another one runs on.
        if reason == "Completed", hasRunning { reason = status.isTrue("Ready") ? "Running" : "NotReady" }
    }

    private mutating func addRestarts(_ container: ContainerStatus) {
        restarts += container.restartCount
        guard let end = container.lastState.terminated?.finishedAt else { return }
        lastRestart = max(lastRestart ?? end, end)
    }

    private static func text(_ end: ContainerStateTerminated) -> String {
        if !end.reason.isEmpty { return end.reason }
        return end.signal != 0 ? "Signal:\(end.signal)" : "ExitCode:\(end.exitCode)"
    }
}
