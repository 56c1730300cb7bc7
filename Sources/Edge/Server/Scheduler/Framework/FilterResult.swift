/// What a filter says of a node: failing to fit is a result, not an error.
enum FilterResult: Sendable, Equatable {
    case fits
    /// The reasons as `kubectl describe` shows them, counted over the nodes: `Insufficient cpu`.
    case rejected([String])

    static func rejected(_ reason: String) -> Self { .rejected([reason]) }
}

/// Why no node fits: the reasons and how many nodes gave each.
struct Diagnosis: Sendable, Equatable {
    var nodeCount: Int
    var reasons: [String: Int] = [:]

    mutating func add(_ reasons: [String]) {
        for reason in reasons { self.reasons[reason, default: 0] += 1 }
    }

    /// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).`
    var message: String {
        guard nodeCount > 0 else { return "no nodes available to schedule pods" }
        let parts = reasons.map { "\($0.value) \($0.key)" }.sorted()
        return "0/\(nodeCount) nodes are available: \(parts.joined(separator: ", "))."
    }
}
