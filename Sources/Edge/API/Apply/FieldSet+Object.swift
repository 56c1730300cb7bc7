internal import EdgeJSON

extension FieldSet {
    /// The fields that a configuration says something of.
    init(of object: JSONObject, type: MergeType, _ schema: Schema) {
        self.init(Self.fields(of: .object(object), type, schema).children)
    }

    /// The fields of a value; `isMember` when the value itself is one.
    private static func fields(
        of value: JSONValue, _ type: MergeType, _ schema: Schema
    ) -> (isMember: Bool, children: [Node]) {
        switch type.resolved(value, nil) {
        case .leaf: (true, [])
        case .object: (false, value.object.map { members(of: $0, type, schema) } ?? [])
        case .array: (false, value.array.map { elements(of: $0, type, schema) } ?? [])
        }
    }

    private static func members(of object: JSONObject, _ type: MergeType, _ schema: Schema) -> [Node] {
        var nodes: [Node] = []
        for member in object.members {
            guard let (memberType, isNamed) = type.member(member.key, schema) else { continue }
            let fields = fields(of: member.value, memberType, schema)
            let isEmpty = member.value.isNull || member.value.object?.isEmpty == true
            let node = Node(
                PathElement.member(member.key), isMember: fields.isMember || isEmpty || !isNamed,
                children: fields.children)
            if !node.isEmpty { nodes.append(node) }
        }
        return nodes.sortedByElement
    }

    private static func elements(of list: [JSONValue], _ type: MergeType, _ schema: Schema) -> [Node] {
        let elementType = type.elementType(schema)
        var places: [String: Int] = [:]
        var nodes: [Node] = []
        for value in list {
            guard let element = type.element(of: value) else { continue }
            if let known = places[element] {
                // Of an element that stands twice only its being there is owned.
                nodes[known].children = []
                continue
            }
            places[element] = nodes.count
            nodes.append(
                Node(element, isMember: true, children: fields(of: value, elementType, schema).children))
        }
        return nodes.sortedByElement
    }

    /// With the fields that the schema names counted as members when anything below them is one.
    func includingNamedParents(_ type: MergeType, _ schema: Schema) -> FieldSet {
        FieldSet(
            nodes.map { node in
                var node = node
                let isField = node.element.utf8.first == UInt8(ascii: "f")
                let member = isField ? type.member(String(node.element.dropFirst(2)), schema) : nil
                if member?.isNamed == true { node.isMember = true }
                guard !node.children.isEmpty else { return node }
                let childType = member?.type ?? (isField ? .atomic : type.elementType(schema))
                node.children = FieldSet(node.children).includingNamedParents(childType, schema).nodes
                return node
            })
    }

    /// The part below a path element, and whether the element itself is a member.
    func below(_ element: String) -> (isMember: Bool, set: FieldSet) {
        guard let node = nodes.first(where: { $0.element == element }) else { return (false, FieldSet()) }
        return (node.isMember, FieldSet(node.children))
    }
}

extension [FieldSet.Node] {
    var sortedByElement: [FieldSet.Node] {
        for index in indices.dropFirst()
        where !PathElement.precedes(self[index - 1].element, self[index].element) {
            return sorted { PathElement.precedes($0.element, $1.element) }
        }
        return self
    }
}
