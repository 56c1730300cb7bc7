/// Prefers nodes on which cpu and memory are used up evenly, so that neither is left over alone.
enum BalancedAllocation {
    static func score(_ pod: PodInfo, _ node: NodeInfo) -> Int {
        let cpu = fraction(
            node.nonZeroRequested.milliCPU + pod.nonZeroRequests.milliCPU, of: node.allocatable.milliCPU)
        let memory = fraction(
            node.nonZeroRequested.memory + pod.nonZeroRequests.memory, of: node.allocatable.memory)
        // With two fractions the standard deviation is half of their distance.
        return Int((1 - abs(cpu - memory) / 2) * Double(Normalization.maximum))
    }

    private static func fraction(_ taken: Int64, of total: Int64) -> Double {
        total > 0 ? min(Double(taken) / Double(total), 1) : 1
    }
}
