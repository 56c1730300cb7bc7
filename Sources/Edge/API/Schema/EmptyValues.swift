internal import EdgeJSON

/// What Go writes for a struct of which nothing is set: `{}`, or the fields without `omitempty` and the
/// structs held by value inside it, with their zero values.
enum EmptyValues {
    static func all(of types: [TypeDefinition]) -> [JSONValue] {
        var values = [JSONValue?](repeating: nil, count: types.count)
        return types.map { value(of: $0, types, &values) }
    }

    /// A struct cannot hold itself by value, so the recursion ends.
    private static func value(
        of type: TypeDefinition, _ types: [TypeDefinition], _ values: inout [JSONValue?]
    ) -> JSONValue {
        if let known = values[Int(type.id.index)] { return known }
        var members: [JSONObject.Member] = []
        for place in type.writtenEmpty {
            let field = type.fields[place]
            if case .object(let id) = field.value, field.isStructHeldByValue {
                members.append(.init(field.name, value(of: types[Int(id.index)], types, &values)))
            } else {
                members.append(.init(field.name, field.scalarZero))
            }
        }
        let result = JSONValue.object(JSONObject(uniqueMembers: members))
        values[Int(type.id.index)] = result
        return result
    }
}

extension FieldDefinition {
    var isStructHeldByValue: Bool {
        guard case .object = value else { return false }
        return shape == .single && flags.contains(.isWrittenEmpty) && !flags.contains(.isPointer)
    }

    /// The zero value of a field that is no struct held by value.
    var scalarZero: JSONValue {
        guard shape == .single, !flags.contains(.isPointer) else { return .null }
        switch value {
        case .string: return .string("")
        case .bool: return .bool(false)
        case .int32, .int64, .double, .intOrString: return .int(0)
        case .quantity: return .string("0")
        case .time, .microTime, .bytes, .rawExtension, .fieldsV1, .json, .schemaOrArray, .schemaOrBool,
            .schemaOrStrings, .object:
            return .null
        }
    }
}
