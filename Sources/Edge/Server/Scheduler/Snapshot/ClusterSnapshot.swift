/// The cluster as one scheduling cycle sees it: the nodes with the pods that are bound or about to be.
struct ClusterSnapshot: Sendable {
    /// By name.
    let nodes: [NodeInfo]

    init(_ nodes: some Sequence<NodeInfo>) {
        self.nodes = nodes.sorted { $0.name < $1.name }
    }

    var allPods: some Sequence<(NodeInfo, PodInfo)> {
        nodes.lazy.flatMap { node in node.pods.values.lazy.map { (node, $0) } }
    }
}
