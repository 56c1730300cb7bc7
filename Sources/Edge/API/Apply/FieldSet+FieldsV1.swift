public import EdgeJSON

/// `FieldsV1`: nested objects by path elements. An empty object is a member; `.` marks a member that has
/// members below it.
extension FieldSet {
    private static let marker = "."

    public var fieldsV1: JSONObject { Self.encoded(nodes) }

    private static func encoded(_ nodes: [Node]) -> JSONObject {
        JSONObject(
            uniqueMembers: nodes.map { node in
                var object = encoded(node.children)
                if node.isMember, !object.isEmpty { object.prepend(marker, [:]) }
                return .init(node.element, .object(object))
            })
    }

    /// Nil for what is no field set.
    public init?(fieldsV1 object: JSONObject) {
        guard let nodes = Self.decoded(object) else { return nil }
        self.init(nodes)
    }

    private static func decoded(_ object: JSONObject) -> [Node]? {
        var nodes: [Node] = []
        nodes.reserveCapacity(object.count)
        var isSorted = true
        for member in object.members where member.key != marker {
            guard case .object(let child) = member.value, let element = normalized(member.key),
                let children = decoded(child)
            else { return nil }
            if let last = nodes.last, isSorted { isSorted = PathElement.precedes(last.element, element) }
            nodes.append(
                Node(element, isMember: child.isEmpty || child[marker] != nil, children: children))
        }
        if !isSorted { nodes.sort { PathElement.precedes($0.element, $1.element) } }
        return nodes
    }

    /// The element in the one text that edge writes; nil for what is none.
    private static func normalized(_ element: String) -> String? {
        let bytes = element.utf8
        guard bytes.count >= 2, bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":") else {
            return nil
        }
        switch bytes.first {
        case UInt8(ascii: "f"): return element
        case UInt8(ascii: "i"): return Int(element.dropFirst(2)) == nil ? nil : element
        case UInt8(ascii: "v"):
            return (try? JSONValue(parsing: String(element.dropFirst(2)))).map(PathElement.element)
        case UInt8(ascii: "k"):
            guard var keys = try? JSONValue(parsing: String(element.dropFirst(2))).object else { return nil }
            keys.sort { $0.key < $1.key }
            return "k:\(JSONValue.object(keys))"
        default: return nil
        }
    }

    /// Takes the members of this set out of an encoded one; nil when it has none of them. Almost every write
    /// touches a few fields of entries that stay as they are: those are neither decoded nor copied.
    func removed(from fields: JSONObject) -> JSONObject? {
        Self.removed(nodes, from: fields)
    }

    private static func removed(_ nodes: [Node], from fields: JSONObject) -> JSONObject? {
        var result: JSONObject?
        for node in nodes {
            guard case .object(let child)? = fields[node.element] else { continue }
            if child.isEmpty {
                if node.isMember {
                    var changed = result ?? fields
                    changed[node.element] = nil
                    result = changed
                }
                continue
            }
            var remaining = removed(node.children, from: child)
            if node.isMember, child[marker] != nil {
                var without = remaining ?? child
                without[marker] = nil
                remaining = without
            }
            guard var remaining else { continue }
            var changed = result ?? fields
            if remaining.isEmpty {
                changed[node.element] = nil
            } else {
                if remaining.count == 1, remaining[marker] != nil { remaining = JSONObject() }
                changed[node.element] = .object(remaining)
            }
            result = changed
        }
        return result
    }
}
