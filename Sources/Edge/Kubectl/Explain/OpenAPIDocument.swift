internal import EdgeJSON

/// One group and version's OpenAPI v3 document, with what `explain` looks up in it.
struct OpenAPIDocument: Sendable {
    let json: JSONValue

    /// The schema of a kind.
    func schema(group: String, version: String, kind: String) -> JSONValue? {
        for member in json.at("components", "schemas").members {
            for entry in member.value["x-kubernetes-group-version-kind"]?.array ?? []
            where entry["kind"]?.string == kind && entry["version"]?.string == version
                && (entry["group"]?.string ?? "") == group
            {
                return member.value
            }
        }
        return nil
    }

    /// The schema itself, or what its `$ref` leads to.
    func resolved(_ schema: JSONValue) -> JSONValue {
        guard let reference = schema["$ref"]?.string else { return schema }
        return resolve(reference) ?? schema
    }

    func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(Optional(json)) { $0?[String($1)] }
    }

    /// What a schema's elements are, for lists and maps.
    func elements(_ schema: JSONValue) -> JSONValue? {
        if let items = schema["items"], items.object != nil { return items }
        if let values = schema["additionalProperties"], values.object != nil { return values }
        return nil
    }

    /// `string`, `[]Container`, `map[string]string`, `PodSpec`.
    func typeName(_ schema: JSONValue) -> String {
        if let items = schema["items"], items.object != nil { return "[]" + typeName(items) }
        if let values = schema["additionalProperties"], values.object != nil {
            return "map[string]" + typeName(values)
        }
        if schema["properties"] == nil, let all = schema["allOf"]?.array, all.count == 1 {
            return typeName(all[0])
        }
        if let reference = schema["$ref"]?.string {
            let target = resolve(reference)
            let type = target?["type"]?.string
            guard type == nil || type == "object" else { return type ?? "Object" }
            return reference.split(separator: "/").last?.split(separator: ".").last.map(String.init)
                ?? "Object"
        }
        let type = schema["type"]?.string ?? "object"
        return type == "object" ? "Object" : type
    }

    /// The field at the end of a path of names; nil when a name does not exist.
    func field(_ path: [String], in schema: JSONValue) -> JSONValue? {
        guard let first = path.first else { return schema }
        let target = resolved(schema)
        if let property = target["properties"]?[first] { return field(Array(path.dropFirst()), in: property) }
        if let elements = elements(target) { return field(path, in: elements) }
        for alternative in target["allOf"]?.array ?? [] {
            if let found = field(path, in: alternative) { return found }
        }
        return nil
    }
}
