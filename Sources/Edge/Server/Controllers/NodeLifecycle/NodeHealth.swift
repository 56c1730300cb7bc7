internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// What follows from a node's conditions and its last sign of life: its conditions when it has fallen silent,
/// and its taints. A pure function, so that time can be played with in tests.
struct NodeHealth: Equatable {
    static let unreachable = "node.kubernetes.io/unreachable"
    static let notReady = "node.kubernetes.io/not-ready"
    private static let pressures = [
        ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ]
    private static let managed: Set<String> = Set(
        pressures.map(\.1) + [unreachable, notReady, "node.kubernetes.io/unschedulable"])

    let isSilent: Bool
    /// When to look again, if nothing happens before.
    let nextCheck: Duration?

    /// - Parameter lastSign: the newest of lease renewal and heartbeat; nil if there never was one.
    init(node: Node, lastSign: Timestamp?, gracePeriod: Duration, now: Timestamp) {
        let reference = lastSign ?? node.creationTimestamp ?? now
        let remaining = gracePeriod - (now - reference)
        isSilent = remaining <= .zero
        nextCheck = isSilent ? nil : remaining + .milliseconds(10)
    }

    /// The conditions that a silent node has: nothing is known of it.
    func conditions(of node: Node, now: Timestamp) -> NodeStatus? {
        guard isSilent else { return nil }
        var status = node.status
        for type in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
            guard type == "Ready" || status.condition(type) != nil else { continue }
            status.setCondition(
                type, .unknown, reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status.",
                now: now)
        }
        return status == node.status ? nil : status
    }

    /// The taints that the node should have: those that others set, and ours from its conditions.
    static func taints(for node: Node, now: Timestamp) -> [Taint] {
        let present = node.spec.taints
        var wanted: [(key: String, effect: String)] = []
        switch node.status.condition("Ready")?.status {
        case .true?: break
        case .false?: wanted += [(notReady, "NoSchedule"), (notReady, "NoExecute")]
        case .unknown?: wanted += [(unreachable, "NoSchedule"), (unreachable, "NoExecute")]
        // A node that has not reported yet keeps pods off, but there is nothing on it to evict.
        case nil: wanted += [(notReady, "NoSchedule")]
        }
        for (condition, key) in pressures where node.status.isTrue(condition) {
            wanted.append((key, "NoSchedule"))
        }
        if node.spec.unschedulable { wanted.append(("node.kubernetes.io/unschedulable", "NoSchedule")) }
        let kept = present.filter { taint in
            !managed.contains(taint.key)
                || wanted.contains { $0.key == taint.key && $0.effect == taint.effect }
        }
        let added = wanted.filter { want in !kept.contains { $0.key == want.key && $0.effect == want.effect }
        }
        return kept
            + added.map { want in
                var taint = Taint()
                taint.key = want.key
                taint.effect = want.effect
                taint.timeAdded = now
                return taint
            }
    }
}
