/// The requests of a node's pods stay within what it can give; the emptier node scores higher.
enum NodeResourcesFit {
    static func filter(_ pod: PodInfo, _ node: NodeInfo) -> FilterResult {
        let wanted = pod.requests
        let used = node.requested
        let total = node.allocatable
        var reasons: [String] = []
        if Int64(node.pods.count) + 1 > total.pods { reasons.append("Too many pods") }
        if wanted.milliCPU > 0, wanted.milliCPU > total.milliCPU - used.milliCPU {
            reasons.append("Insufficient cpu")
        }
        if wanted.memory > 0, wanted.memory > total.memory - used.memory {
            reasons.append("Insufficient memory")
        }
        if wanted.ephemeralStorage > 0,
            wanted.ephemeralStorage > total.ephemeralStorage - used.ephemeralStorage
        {
            reasons.append("Insufficient ephemeral-storage")
        }
        for (name, amount) in wanted.others.sorted(by: { $0.key < $1.key }) where amount > 0 {
            if amount > (total.others[name] ?? 0) - (used.others[name] ?? 0) {
                reasons.append("Insufficient \(name)")
            }
        }
        return reasons.isEmpty ? .fits : .rejected(reasons)
    }

    /// The mean of the free shares of cpu and memory after placing the pod, 0...100 (LeastAllocated).
    static func score(_ pod: PodInfo, _ node: NodeInfo) -> Int {
        let used = node.nonZeroRequested
        let wanted = pod.nonZeroRequests
        return
            (share(used.milliCPU + wanted.milliCPU, of: node.allocatable.milliCPU)
            + share(used.memory + wanted.memory, of: node.allocatable.memory)) / 2
    }

    private static func share(_ taken: Int64, of total: Int64) -> Int {
        guard total > 0, taken <= total else { return 0 }
        return Int((Double(total - taken) / Double(total)) * Double(Normalization.maximum))
    }
}
