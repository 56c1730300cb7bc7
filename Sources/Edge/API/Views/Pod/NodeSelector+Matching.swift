extension NodeSelector {
    /// Whether one of the terms matches the node.
    public func matches(_ node: Node) -> Bool {
        nodeSelectorTerms.contains { $0.matches(node) }
    }
}

extension NodeSelectorTerm {
    public func matches(_ node: Node) -> Bool {
        let expressions = matchExpressions
        let fields = matchFields
        guard !expressions.isEmpty || !fields.isEmpty else { return false }
        return expressions.allSatisfy { $0.matches(node[label: $0.key]) }
            && fields.allSatisfy { $0.key == "metadata.name" && $0.matches(node.name) }
    }
}

extension NodeSelectorRequirement {
    /// Whether a label with this value (nil: the label is missing) meets the requirement.
    public func matches(_ value: String?) -> Bool {
        switch `operator` {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return value.map { !values.contains($0) } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt", "Lt":
            guard let number = value.flatMap({ Int64($0) }), values.count == 1, let limit = Int64(values[0])
            else { return false }
            return `operator` == "Gt" ? number > limit : number < limit
        default: return false
        }
    }
}
