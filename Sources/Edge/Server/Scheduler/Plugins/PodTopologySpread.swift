internal import EdgeAPI

/// Spreads the pods that a constraint selects evenly over the domains of a node label.
struct PodTopologySpread: Sendable {
    private struct Counted: Sendable {
        let constraint: TopologySpreadConstraint
        var pods: [String: Int] = [:]
        /// Whether the pod itself is one of those that the constraint counts.
        let countsItself: Bool

        var minimum: Int {
            let least = pods.values.min() ?? 0
            return pods.count < (constraint.minDomains ?? 1) ? 0 : least
        }
    }

    private var hard: [Counted] = []
    private var soft: [Counted] = []

    init(_ pod: PodInfo, _ snapshot: ClusterSnapshot) {
        for constraint in pod.pod.spec.topologySpreadConstraints {
            let counted = Self.count(constraint, pod, snapshot)
            if constraint.whenUnsatisfiable == "DoNotSchedule" {
                hard.append(counted)
            } else {
                soft.append(counted)
            }
        }
        if pod.pod.spec.topologySpreadConstraints.isEmpty { soft = Self.defaults(pod, snapshot) }
    }

    func filter(_ node: NodeInfo) -> FilterResult {
        for counted in hard {
            guard let value = node.labels[counted.constraint.topologyKey] else {
                return .rejected(
                    "node(s) didn't match pod topology spread constraints (missing required label)")
            }
            let present = counted.pods[value] ?? 0
            let skew = present + (counted.countsItself ? 1 : 0) - counted.minimum
            if skew > counted.constraint.maxSkew {
                return .rejected("node(s) didn't match pod topology spread constraints")
            }
        }
        return .fits
    }

    /// How many of the counted pods are in the node's domains already: the fewer, the better.
    func score(_ node: NodeInfo) -> Int {
        soft.reduce(0) { sum, counted in
            guard let value = node.labels[counted.constraint.topologyKey] else { return sum }
            return sum + (counted.pods[value] ?? 0)
        }
    }

    private static func count(
        _ constraint: TopologySpreadConstraint, _ pod: PodInfo, _ snapshot: ClusterSnapshot
    ) -> Counted {
        let selector = constraint.labelSelector
        var counted = Counted(constraint: constraint, countsItself: selector.matches(pod.labels))
        for node in snapshot.nodes {
            guard let value = node.labels[constraint.topologyKey], isEligible(node, pod, constraint) else {
                continue
            }
            let count = node.pods.values.count {
                $0.namespace == pod.namespace && !$0.pod.isBeingDeleted && selector.matches($0.labels)
            }
            counted.pods[value, default: 0] += count
        }
        return counted
    }

    private static func isEligible(
        _ node: NodeInfo, _ pod: PodInfo, _ constraint: TopologySpreadConstraint
    ) -> Bool {
        if constraint.nodeAffinityPolicy == "Honor", !NodeAffinityPlugin.matches(pod, node) { return false }
        return constraint.nodeTaintsPolicy != "Honor" || TaintToleration.filter(pod, node) == .fits
    }

    /// Without constraints the pods of one controller are spread over hosts and zones, as Kubernetes does by
    /// its defaults. Pods of one controller share its uid.
    private static func defaults(_ pod: PodInfo, _ snapshot: ClusterSnapshot) -> [Counted] {
        guard let owner = pod.pod.controllerReference?.uid else { return [] }
        return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map { key in
            var constraint = TopologySpreadConstraint()
            constraint.topologyKey = key
            var counted = Counted(constraint: constraint, countsItself: true)
            for node in snapshot.nodes {
                guard let value = node.labels[key] else { continue }
                counted.pods[value, default: 0] += node.pods.values.count { $0.pod.isControlled(by: owner) }
            }
            return counted
        }
    }
}
