internal import EdgeAPI

/// Taints keep off every pod that does not tolerate them.
enum TaintToleration {
    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        guard !node.taints.isEmpty else { return .fits }
        let tolerations = pod.pod.spec.tolerations
        let untolerated = node.taints.first { taint in
            (taint.effect == "NoSchedule" || taint.effect == "NoExecute")
                && !tolerations.contains { $0.tolerates(taint) }
        }
        guard let untolerated else { return .fits }
        return .rejected("node(s) had untolerated taint {\(untolerated.key): \(untolerated.value)}")
    }

    /// The number of PreferNoSchedule taints that the pod does not tolerate: the fewer, the better.
    static func score(_ pod: PodInfo, _ node: NodeInfo) -> Int {
        guard !node.taints.isEmpty else { return 0 }
        let tolerations = pod.pod.spec.tolerations.filter {
            $0.effect.isEmpty || $0.effect == "PreferNoSchedule"
        }
        return node.taints.count { taint in
            taint.effect == "PreferNoSchedule" && !tolerations.contains { $0.tolerates(taint) }
        }
    }
}
