internal import EdgeAPI
internal import EdgeJSON

/// What is unknown in the schemas of a definition and has no effect there; users learn it in a Warning.
enum SchemaSupport {
    static func warnings(for definition: CustomResourceDefinition) -> [String] {
        var formats: Set<String> = []
        for version in definition.versions {
            if let schema = version.schema { search(schema, &formats) }
        }
        return formats.sorted().map { "unrecognized format \"\($0)\"" }
    }

    private static func search(_ schema: JSONObject, _ formats: inout Set<String>) {
        if let format = schema["format"]?.string, !format.isEmpty,
            !StructuralSchema.knows(format: format, type: schema["type"]?.string ?? "")
        {
            formats.insert(format)
        }
        for member in schema["properties"]?.object ?? JSONObject() { search(member.value, &formats) }
        for key in ["items", "additionalProperties", "not"] { search(schema[key], &formats) }
        for key in ["allOf", "anyOf", "oneOf"] {
            for branch in schema[key]?.array ?? [] { search(branch, &formats) }
        }
    }

    private static func search(_ value: JSONValue?, _ formats: inout Set<String>) {
        if case .object(let schema)? = value { search(schema, &formats) }
    }
}
