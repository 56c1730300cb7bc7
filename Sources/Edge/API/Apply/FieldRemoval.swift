internal import EdgeJSON

/// Takes fields out of an object.
struct FieldRemoval {
    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// The object without the members of a set. What is left without content becomes null.
    func remove(_ fields: FieldSet, from object: JSONObject, _ type: MergeType) -> JSONObject {
        remove(fields, from: .object(object), type).object ?? JSONObject()
    }

    private func remove(_ fields: FieldSet, from value: JSONValue, _ type: MergeType) -> JSONValue {
        switch (type.resolved(value, nil), value) {
        case (.object, .object(let object)): removeMembers(fields, object, type)
        case (.array, .array(let list)): removeElements(fields, list, type)
        case (.leaf, .object), (.leaf, .array): .null
        default: value
        }
    }

    private func removeMembers(_ fields: FieldSet, _ object: JSONObject, _ type: MergeType) -> JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.count)
        for member in object.members {
            let (isRemoved, below) = fields.below(PathElement.member(member.key))
            if isRemoved { continue }
            if below.isEmpty {
                members.append(member)
            } else {
                let memberType = type.member(member.key, schema)?.type ?? .atomic
                members.append(.init(member.key, remove(below, from: member.value, memberType)))
            }
        }
        return members.isEmpty ? .null : .object(JSONObject(uniqueMembers: members))
    }

    private func removeElements(_ fields: FieldSet, _ list: [JSONValue], _ type: MergeType) -> JSONValue {
        let elementType = type.elementType(schema)
        var elements: [JSONValue] = []
        for value in list {
            guard let element = type.element(of: value) else {
                elements.append(value)
                continue
            }
            let (isRemoved, below) = fields.below(element)
            if isRemoved { continue }
            elements.append(below.isEmpty ? value : remove(below, from: value, elementType))
        }
        return elements.isEmpty ? .null : .array(elements)
    }
}
