internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// The types that rules see, made from schemas.
enum RuleSchema {
    /// The name of the type of `self`.
    static let rootName = "selfType"

    /// Nil for a schema that rules can say nothing about: no type, or a list or a map of such.
    /// - Parameters:
    ///   - isWhole: the value is a Kubernetes object, whose names rules may see.
    ///   - seesMetadata: all metadata may be seen, as policies do.
    static func make(
        _ schema: JSONObject, name: String = rootName, isWhole: Bool, seesMetadata: Bool = false
    ) -> CELSchema? {
        if schema["x-kubernetes-int-or-string"].flag { return .intOrString() }
        switch schema["type"].text {
        case "array":
            guard let items = schema["items"]?.object,
                let element = make(items, name: "\(name).@idx", isWhole: Self.isWhole(items))
            else { return nil }
            return .list(of: element, maximumItems: count(schema["maxItems"]), kind: listKind(schema))
        case "object":
            if let values = schema["additionalProperties"]?.object {
                guard let element = make(values, name: "\(name).@elem", isWhole: Self.isWhole(values)) else {
                    return nil
                }
                return .map(of: element, maximumProperties: count(schema["maxProperties"]))
            }
            return object(schema, name: name, isWhole: isWhole, seesMetadata)
        case "string": return text(schema)
        case "boolean": return .bool
        case "number": return .double
        case "integer": return .int
        default: return nil
        }
    }

    static func isWhole(_ schema: JSONObject) -> Bool { schema["x-kubernetes-embedded-resource"].flag }

    private static func count(_ limit: JSONValue?) -> Int? { limit.number.map { max(0, $0) } }

    private static func listKind(_ schema: JSONObject) -> CELListKind {
        switch schema["x-kubernetes-list-type"].text {
        case "set": .set
        case "map": .map(keys: schema["x-kubernetes-list-map-keys"].strings)
        default: .atomic
        }
    }

    private static func text(_ schema: JSONObject) -> CELSchema {
        let maximum = count(schema["maxLength"])
        switch schema["format"].text {
        case "byte": return .bytes(maximumLength: maximum)
        case "duration": return .duration
        case "date": return .date
        case "date-time": return .timestamp
        default: break
        }
        if maximum == nil, let values = schema["enum"]?.array, !values.isEmpty {
            return .string(oneOf: values.compactMap(\.string))
        }
        return .string(maximumLength: maximum)
    }

    private static func object(
        _ schema: JSONObject, name: String, isWhole: Bool, _ seesMetadata: Bool
    ) -> CELSchema {
        let required = Set(schema["required"].strings)
        var fields: [String: CELSchema] = [:]
        var size = 2
        for member in properties(schema, isWhole: isWhole) {
            guard let property = member.value.object,
                let escaped = CELFieldName.escaped(member.key),
                let field = make(property, name: "\(name).\(escaped)", isWhole: Self.isWhole(property))
            else { continue }
            fields[member.key] = field
            if required.contains(member.key), property["default"] == nil {
                size += member.key.utf8.count + field.minimumTextSize + 4
            }
        }
        if seesMetadata { fields["metadata"] = TypeSchemas.metadata }
        return .object(CELObjectType(name: name, properties: fields), minimumTextSize: size)
    }

    private static let metadata: JSONValue = [
        "type": "object", "properties": ["name": ["type": "string"], "generateName": ["type": "string"]],
    ]

    /// Of a whole object rules see kind, version and name, whatever else the schema says of them.
    private static func properties(_ schema: JSONObject, isWhole: Bool) -> JSONObject {
        var properties = schema["properties"]?.object ?? JSONObject()
        guard isWhole else { return properties }
        for key in ["kind", "apiVersion"] where properties[key] == nil {
            properties[key] = ["type": "string"]
        }
        properties["metadata"] = metadata
        return properties
    }
}
