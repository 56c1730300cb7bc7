extension FieldSet {
    public func union(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        if isEmpty { return other }
        return FieldSet(
            Self.merged(nodes, other.nodes) { left, right in
                guard let left, let right else { return left ?? right }
                return Node(
                    left.element, isMember: left.isMember || right.isMember,
                    children: FieldSet(left.children).union(FieldSet(right.children)).nodes)
            })
    }

    public func intersection(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return FieldSet() }
        return FieldSet(
            Self.merged(nodes, other.nodes) { left, right in
                guard let left, let right else { return nil }
                return Node(
                    left.element, isMember: left.isMember && right.isMember,
                    children: FieldSet(left.children).intersection(FieldSet(right.children)).nodes)
            })
    }

    /// The members that the other set does not have; members below those of the other set stay.
    public func subtracting(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return FieldSet(
            Self.merged(nodes, other.nodes) { left, right in
                guard let left, let right else { return left }
                return Node(
                    left.element, isMember: left.isMember && !right.isMember,
                    children: FieldSet(left.children).subtracting(FieldSet(right.children)).nodes)
            })
    }

    /// Without the members of the other set and everything below them.
    public func subtractingRecursively(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return FieldSet(
            Self.merged(nodes, other.nodes) { left, right in
                guard let left, let right else { return left }
                guard !right.isMember else { return nil }
                return Node(
                    left.element, isMember: left.isMember,
                    children: FieldSet(left.children).subtractingRecursively(FieldSet(right.children)).nodes)
            })
    }

    /// Walks both lists in their common order; empty results are left out.
    private static func merged(
        _ left: [Node], _ right: [Node], _ combine: (Node?, Node?) -> Node?
    ) -> [Node] {
        var result: [Node] = []
        result.reserveCapacity(max(left.count, right.count))
        var (i, j) = (0, 0)
        func append(_ node: Node?) {
            if let node, !node.isEmpty { result.append(node) }
        }
        while i < left.count || j < right.count {
            if i == left.count {
                append(combine(nil, right[j]))
                j += 1
            } else if j == right.count {
                append(combine(left[i], nil))
                i += 1
            } else if left[i].element == right[j].element {
                append(combine(left[i], right[j]))
                i += 1
                j += 1
            } else if PathElement.precedes(left[i].element, right[j].element) {
                append(combine(left[i], nil))
                i += 1
            } else {
                append(combine(nil, right[j]))
                j += 1
            }
        }
        return result
    }
}
