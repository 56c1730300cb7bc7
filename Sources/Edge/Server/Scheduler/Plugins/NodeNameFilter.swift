internal import EdgeAPI

/// A pod that names its node goes nowhere else.
enum NodeNameFilter {
    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        let wanted = pod.pod.spec.nodeName
        return wanted.isEmpty || wanted == node.name
            ? .fits : .rejected("node(s) didn't match the requested node name")
    }
}
