internal import EdgeAPI

/// Cordoned nodes take only pods that tolerate it.
enum NodeUnschedulable {
    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        guard node.node.spec.unschedulable else { return .fits }
        var taint = Taint()
        taint.key = "node.kubernetes.io/unschedulable"
        taint.effect = "NoSchedule"
        return pod.pod.spec.tolerations.contains { $0.tolerates(taint) }
            ? .fits : .rejected("node(s) were unschedulable")
    }
}
