internal import EdgeAPI

/// nodeSelector and node affinity.
enum NodeAffinityPlugin {
    static let reason = "node(s) didn't match Pod's node affinity/selector"

    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        matches(pod, node) ? .fits : .rejected(reason)
    }

    static func matches(_ pod: PodInfo, _ node: NodeInfo) -> Bool {
        let spec = pod.pod.spec
        for (key, value) in spec.nodeSelector where node.labels[key] != value { return false }
        guard let required = spec.affinity?.nodeAffinity?.required else { return true }
        return required.matches(node.node)
    }

    /// The weights of the preferences that the node meets.
    static func score(_ pod: PodInfo, _ node: NodeInfo) -> Int {
        (pod.pod.spec.affinity?.nodeAffinity?.preferred ?? [])
            .filter { $0.preference.matches(node.node) }.reduce(0) { $0 + $1.weight }
    }
}
