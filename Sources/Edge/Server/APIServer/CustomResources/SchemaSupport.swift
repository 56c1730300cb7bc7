internal import EdgeAPI
internal import EdgeJSON

/// What this build does not enforce of a definition's schemas; users learn it in a Warning.
enum SchemaSupport {
    /// What evaluates `x-kubernetes-validations` in this build; without one they are not enforced.
    static let ruleEngine: (any SchemaRuleEngine)? = nil

    /// What the engine has against the rules of a definition.
    static func problems(
        in definition: CustomResourceDefinition, old: CustomResourceDefinition?
    ) -> [FieldError] {
        guard let ruleEngine else { return [] }
        return definition.versions.enumerated().flatMap { index, version in
            let path = FieldPath.spec["versions"][index]["schema"]["openAPIV3Schema"]
            let former = old?.versions.first { $0.name == version.name }?.schema
            return version.schema.map { ruleEngine.problems(in: $0, path, old: former) } ?? []
        }
    }

    static func warnings(for definition: CustomResourceDefinition) -> [String] {
        var found = Findings()
        for version in definition.versions {
            if let schema = version.schema { found.search(schema, "") }
        }
        return found.warnings
    }

    private struct Findings {
        private var patterns: [String] = []
        private var rules: [String] = []
        private var formats: Set<String> = []

        var warnings: [String] {
            var warnings = formats.sorted().map { "unrecognized format \"\($0)\"" }
            if PatternEngine.current == nil {
                warnings += Self.list("patterns are not enforced by this version of edge", patterns)
            }
            if SchemaSupport.ruleEngine == nil {
                warnings += Self.list(
                    "x-kubernetes-validations are not enforced by this version of edge", rules)
            }
            return warnings
        }

        private static func list(_ cause: String, _ places: [String]) -> [String] {
            guard !places.isEmpty else { return [] }
            let shown = places.prefix(5).joined(separator: ", ")
            return ["\(cause): \(shown)" + (places.count > 5 ? " and \(places.count - 5) more" : "")]
        }

        mutating func search(_ schema: JSONObject, _ path: String) {
            let place = path.isEmpty ? "the object" : path
            if let pattern = schema["pattern"]?.string, !pattern.isEmpty { Self.note(place, in: &patterns) }
            if schema["x-kubernetes-validations"]?.array?.isEmpty == false { Self.note(place, in: &rules) }
            if let format = schema["format"]?.string, !format.isEmpty,
                !StructuralSchema.knows(format: format, type: schema["type"]?.string ?? "")
            {
                formats.insert(format)
            }
            for member in schema["properties"]?.object ?? JSONObject() {
                search(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")
            }
            search(schema["items"], path + "[]")
            search(schema["additionalProperties"], path + "[*]")
            search(schema["not"], path)
            for key in ["allOf", "anyOf", "oneOf"] {
                for branch in schema[key]?.array ?? [] { search(branch, path) }
            }
        }

        private mutating func search(_ value: JSONValue?, _ path: String) {
            if case .object(let schema)? = value { search(schema, path) }
        }

        private static func note(_ place: String, in list: inout [String]) {
            if !list.contains(place) { list.append(place) }
        }
    }
}
