internal import EdgeAPI

/// Runs the plugins over the nodes for one pod: filters in Kubernetes' order, cheapest first, then scores.
/// The plugins are called by name, not through a list of existentials: the set is fixed, and this is the
/// inner loop.
struct SchedulingFramework: Sendable {
    enum Decision: Sendable, Equatable {
        case node(String)
        case unschedulable(Diagnosis)
    }

    func decide(_ pod: PodInfo, _ snapshot: ClusterSnapshot, tieBreaker: (Int) -> Int) -> Decision {
        let affinity = InterPodAffinity(pod, snapshot)
        let spread = PodTopologySpread(pod, snapshot)
        var diagnosis = Diagnosis(nodeCount: snapshot.nodes.count)
        var feasible: [NodeInfo] = []
        for node in snapshot.nodes {
            switch filter(pod, node, affinity, spread) {
            case .fits: feasible.append(node)
            case .rejected(let reasons): diagnosis.add(reasons)
            }
        }
        guard !feasible.isEmpty else { return .unschedulable(diagnosis) }
        guard feasible.count > 1 else { return .node(feasible[0].name) }
        let scores = score(pod, feasible, affinity, spread)
        let best = scores.max() ?? 0
        let candidates = scores.indices.filter { scores[$0] == best }
        return .node(feasible[candidates[tieBreaker(candidates.count)]].name)
    }

    private func filter(
        _ pod: PodInfo, _ node: NodeInfo, _ affinity: InterPodAffinity, _ spread: PodTopologySpread
    ) -> FilterResult {
        var result = NodeUnschedulable.filter(pod, node)
        if result == .fits { result = NodeNameFilter.filter(pod, node) }
        if result == .fits { result = TaintToleration.filter(pod, node) }
        if result == .fits { result = NodeAffinityPlugin.filter(pod, node) }
        if result == .fits { result = NodePorts.filter(pod, node) }
        if result == .fits { result = NodeResourcesFit.filter(pod, node) }
        if result == .fits { result = spread.filter(node) }
        if result == .fits { result = affinity.filter(node) }
        return result
    }

    /// The weighted sum per node; the weights are Kubernetes' defaults.
    private func score(
        _ pod: PodInfo, _ nodes: [NodeInfo], _ affinity: InterPodAffinity, _ spread: PodTopologySpread
    ) -> [Int] {
        var totals = [Int](repeating: 0, count: nodes.count)
        func add(_ scores: [Int], weight: Int) {
            for index in totals.indices { totals[index] += scores[index] * weight }
        }
        add(Normalization.reversed(nodes.map { TaintToleration.score(pod, $0) }), weight: 3)
        add(Normalization.scaled(nodes.map { NodeAffinityPlugin.score(pod, $0) }), weight: 2)
        add(Normalization.reversed(nodes.map { spread.score($0) }), weight: 2)
        add(Normalization.ranged(nodes.map { affinity.score($0) }), weight: 2)
        add(nodes.map { NodeResourcesFit.score(pod, $0) }, weight: 1)
        add(nodes.map { BalancedAllocation.score(pod, $0) }, weight: 1)
        add(ImageLocality.scores(pod, nodes), weight: 1)
        return totals
    }
}

/// Brings raw scores to 0...100.
enum Normalization {
    static let maximum = 100

    /// The highest becomes 100.
    static func scaled(_ scores: [Int]) -> [Int] {
        guard let highest = scores.max(), highest > 0 else { return scores.map { _ in 0 } }
        return scores.map { $0 * maximum / highest }
    }

    /// The lowest is the best: 0 becomes 100.
    static func reversed(_ scores: [Int]) -> [Int] {
        guard let highest = scores.max(), highest > 0 else { return scores.map { _ in maximum } }
        return scores.map { maximum - $0 * maximum / highest }
    }

    /// The lowest becomes 0 and the highest 100; negative scores are allowed.
    static func ranged(_ scores: [Int]) -> [Int] {
        guard let lowest = scores.min(), let highest = scores.max(), highest > lowest else {
            return scores.map { _ in 0 }
        }
        return scores.map { ($0 - lowest) * maximum / (highest - lowest) }
    }
}
