internal import EdgeJSON

/// Fills in the defaults of a schema, and takes out nulls where the schema neither allows nor replaces them.
enum SchemaDefaulter {
    /// Missing members, and nulls that may not be, get their defaults.
    static func fill(_ object: inout JSONObject, _ schema: StructuralSchema) {
        guard schema.hasDefaults else { return }
        for (name, value) in schema.defaultedProperties {
            switch object[name] {
            case nil: object[name] = value
            case .null? where schema.properties[name]?.isNullable == false: object[name] = value
            default: break
            }
        }
        object.updateValues { key, value in
            if let property = schema.properties[key] {
                fill(&value, property)
            } else if let inner = schema.additionalSchema {
                fillElement(&value, inner)
            }
        }
    }

    private static func fill(_ value: inout JSONValue, _ schema: StructuralSchema) {
        guard schema.hasDefaults else { return }
        switch value {
        case .object(var object):
            value = .null
            fill(&object, schema)
            value = .object(object)
        case .array(var elements):
            guard let items = schema.items, items.hasDefaults else { return }
            value = .null
            for index in elements.indices { fillElement(&elements[index], items) }
            value = .array(elements)
        default: break
        }
    }

    private static func fillElement(_ value: inout JSONValue, _ schema: StructuralSchema) {
        if value.isNull, !schema.isNullable, let replacement = schema.defaultValue { value = replacement }
        fill(&value, schema)
    }

    /// Removes members that are null though their schema is neither nullable nor has a default.
    static func dropNulls(_ value: inout JSONValue, _ schema: StructuralSchema?) {
        switch value {
        case .object(var object):
            value = .null
            dropNulls(&object, schema)
            value = .object(object)
        case .array(var elements):
            guard let items = schema?.items else { return }
            value = .null
            for index in elements.indices { dropNulls(&elements[index], items) }
            value = .array(elements)
        default: break
        }
    }

    static func dropNulls(_ object: inout JSONObject, _ schema: StructuralSchema?) {
        guard let schema else { return }
        func isSurplus(_ member: JSONObject.Member) -> Bool {
            guard member.value.isNull, let inner = schema.member(member.key) else { return false }
            return !inner.isNullable && inner.defaultValue == nil
        }
        if object.members.contains(where: isSurplus) { object.removeAll(where: isSurplus) }
        object.updateValues { key, value in
            switch value {
            case .object, .array: dropNulls(&value, schema.member(key))
            default: break
            }
        }
    }
}
