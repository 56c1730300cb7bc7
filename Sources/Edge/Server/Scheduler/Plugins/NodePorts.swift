/// A host port can be taken once per node.
enum NodePorts {
    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        guard !pod.hostPorts.isEmpty else { return .fits }
        for other in node.pods.values {
            for port in other.hostPorts where pod.hostPorts.contains(where: { $0.collides(with: port) }) {
                return .rejected("node(s) didn't have free ports for the requested pod ports")
            }
        }
        return .fits
    }
}
