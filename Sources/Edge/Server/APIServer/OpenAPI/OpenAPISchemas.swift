internal import EdgeAPI
internal import EdgeJSON

/// Turns the types of the API into the definitions of OpenAPI.
struct OpenAPISchemas {
    let schema: Schema
    let flavor: OpenAPIFlavor
    let descriptions: OpenAPIDescriptions

    /// The definitions that carry scalars with a meaning of their own.
    private static let scalarTypes: [(name: String, description: String)] = [
        ("api.resource.Quantity", "An amount such as 500m or 1Gi: a number with an optional unit."),
        ("util.intstr.IntOrString", "A whole number, or a string such as a port's name or a percentage."),
        ("meta.v1.Time", "A time in RFC 3339, in whole seconds."),
        ("meta.v1.MicroTime", "A time in RFC 3339, in microseconds."),
        ("runtime.RawExtension", "Any object; it is kept as it is."),
        ("meta.v1.FieldsV1", "A set of fields, as a trie whose members begin with f:, k:, v: or i:."),
        ("meta.v1.Patch", "A patch; its form depends on the content type of the request."),
        ("apiextensions.v1.JSON", "Any JSON value."),
        ("apiextensions.v1.JSONSchemaPropsOrArray", "A JSON schema, or an array of them."),
        ("apiextensions.v1.JSONSchemaPropsOrBool", "A JSON schema, or a boolean."),
        ("apiextensions.v1.JSONSchemaPropsOrStringArray", "A JSON schema, or an array of strings."),
    ]

    static func kind(_ kind: GroupVersionKind) -> JSONValue {
        ["group": .string(kind.group), "kind": .string(kind.kind), "version": .string(kind.version)]
    }

    /// The names of all types that have a definition.
    var typeNames: [String] {
        Self.sorted(schema.types.map(\.name) + Self.scalarTypes.map(\.name))
    }

    /// The names of some types, and of all that these refer to.
    func closure(of types: some Sequence<String>) -> [String] {
        var known: Set<String> = []
        var pending = Array(types)
        while let name = pending.popLast() {
            guard known.insert(name).inserted, let type = schema.type(name) else { continue }
            for field in type.fields {
                if let used = typeName(field.value) { pending.append(used) }
            }
        }
        return Self.sorted(known)
    }

    /// In the order of the definitions' names.
    private static func sorted(_ types: some Sequence<String>) -> [String] {
        types.map { (OpenAPINames.definition($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The definition of a type.
    func definition(named name: String) -> JSONValue? {
        if let type = schema.type(name) { return definition(of: type) }
        return Self.scalarTypes.first { $0.name == name }.map(scalarDefinition)
    }

    private func definition(of type: TypeDefinition) -> JSONValue {
        var object = JSONObject()
        if let text = descriptions[type.name] { object["description"] = .string(text) }
        object["type"] = "object"
        let required = type.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        if !type.fields.isEmpty {
            let properties = type.fields.map { JSONObject.Member($0.name, property($0, of: type)) }
            object["properties"] = .object(JSONObject(uniqueMembers: properties.sorted { $0.key < $1.key }))
        }
        let kinds = groupVersionKinds(of: type)
        if !kinds.isEmpty { object["x-kubernetes-group-version-kind"] = .array(kinds.map(Self.kind)) }
        if type.isAtomic { object["x-kubernetes-map-type"] = "atomic" }
        return .object(object)
    }

    /// DeleteOptions and WatchEvent are kinds of every group and version.
    private func groupVersionKinds(of type: TypeDefinition) -> [GroupVersionKind] {
        if let kind = type.groupVersionKind { return [kind] }
        guard type.name == "meta.v1.DeleteOptions" || type.name == "meta.v1.WatchEvent" else { return [] }
        var seen: Set<GroupVersionKind> = []
        return schema.resources
            .map { GroupVersionKind(group: $0.group, version: $0.version, kind: type.structName) }
            .filter { seen.insert($0).inserted }
    }

    private func property(_ field: FieldDefinition, of type: TypeDefinition) -> JSONValue {
        var object: JSONObject
        switch field.shape {
        case .single: object = reference(field.value, isAlone: false)
        case .list: object = ["type": "array", "items": .object(reference(field.value, isAlone: true))]
        case .map:
            object = [
                "type": "object", "additionalProperties": .object(reference(field.value, isAlone: true)),
            ]
        case .mapOfLists:
            object = [
                "type": "object",
                "additionalProperties": [
                    "type": "array", "items": .object(reference(field.value, isAlone: true)),
                ],
            ]
        }
        if let text = descriptions[type.name, field.name]
            ?? typeName(field.value).flatMap({ descriptions[$0] })
        {
            object["description"] = .string(text)
        }
        addExtensions(field, to: &object)
        return .object(object)
    }

    private func addExtensions(_ field: FieldDefinition, to object: inout JSONObject) {
        let flags = field.flags
        if flags.contains(.listAtomic) { object["x-kubernetes-list-type"] = "atomic" }
        if flags.contains(.listSet) { object["x-kubernetes-list-type"] = "set" }
        if flags.contains(.listMap) { object["x-kubernetes-list-type"] = "map" }
        if !field.listMapKeys.isEmpty {
            object["x-kubernetes-list-map-keys"] = .array(field.listMapKeys.map(JSONValue.string))
        }
        if flags.contains(.mapAtomic) { object["x-kubernetes-map-type"] = "atomic" }
        if !field.patchMergeKey.isEmpty {
            object["x-kubernetes-patch-merge-key"] = .string(field.patchMergeKey)
        }
        var strategies: [String] = []
        if flags.contains(.patchMerge) { strategies.append("merge") }
        if flags.contains(.patchRetainKeys) { strategies.append("retainKeys") }
        if flags.contains(.patchReplace) { strategies.append("replace") }
        if !strategies.isEmpty {
            object["x-kubernetes-patch-strategy"] = .string(strategies.joined(separator: ","))
        }
    }

    /// The schema of a value. Beside a `$ref` OpenAPI 3.0 ignores everything, so a property with more to say
    /// wraps it in `allOf`.
    private func reference(_ value: ValueType, isAlone: Bool) -> JSONObject {
        switch value {
        case .string: return ["type": "string"]
        case .bool: return ["type": "boolean"]
        case .int32: return ["type": "integer", "format": "int32"]
        case .int64: return ["type": "integer", "format": "int64"]
        case .double: return ["type": "number", "format": "double"]
        case .bytes: return ["type": "string", "format": "byte"]
        default:
            let path = flavor.reference(OpenAPINames.definition(typeName(value) ?? ""))
            let reference: JSONObject = ["$ref": .string(path)]
            return flavor == .v2 || isAlone ? reference : ["allOf": [.object(reference)]]
        }
    }

    private func typeName(_ value: ValueType) -> String? {
        switch value {
        case .string, .bool, .int32, .int64, .double, .bytes: nil
        case .quantity: "api.resource.Quantity"
        case .intOrString: "util.intstr.IntOrString"
        case .time: "meta.v1.Time"
        case .microTime: "meta.v1.MicroTime"
        case .rawExtension: "runtime.RawExtension"
        case .fieldsV1: "meta.v1.FieldsV1"
        case .json: "apiextensions.v1.JSON"
        case .schemaOrArray: "apiextensions.v1.JSONSchemaPropsOrArray"
        case .schemaOrBool: "apiextensions.v1.JSONSchemaPropsOrBool"
        case .schemaOrStrings: "apiextensions.v1.JSONSchemaPropsOrStringArray"
        case .object(let id): schema[id].name
        }
    }

    private func scalarDefinition(_ scalar: (name: String, description: String)) -> JSONValue {
        var object: JSONObject = ["description": .string(scalar.description)]
        switch (scalar.name, flavor) {
        case ("api.resource.Quantity", .v2): object["type"] = "string"
        case ("api.resource.Quantity", .v3): object["oneOf"] = [["type": "string"], ["type": "number"]]
        case ("util.intstr.IntOrString", .v2):
            object["type"] = "string"
            object["format"] = "int-or-string"
        case ("util.intstr.IntOrString", .v3):
            object["format"] = "int-or-string"
            object["oneOf"] = [["type": "integer"], ["type": "string"]]
        case ("meta.v1.Time", _), ("meta.v1.MicroTime", _):
            object["type"] = "string"
            object["format"] = "date-time"
        case ("runtime.RawExtension", _), ("meta.v1.FieldsV1", _), ("meta.v1.Patch", _):
            object["type"] = "object"
        default: break
        }
        return .object(object)
    }
}
