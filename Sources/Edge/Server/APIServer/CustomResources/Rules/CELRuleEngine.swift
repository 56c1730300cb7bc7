internal import EdgeAPI
internal import EdgeJSON

/// `x-kubernetes-validations` in CEL.
struct CELRuleEngine: SchemaRuleEngine {
    func problems(in schema: JSONObject, _ path: FieldPath, unchanged: Bool) -> [FieldError] {
        RuleChecker.errors(in: schema, path, limitsSingleRules: !unchanged)
    }

    func rules(of schema: JSONObject) -> (any SchemaRules)? { RuleTree(schema, isWhole: true) }

    /// What is wrong with the rules of a definition that is in order otherwise.
    func problems(in definition: CustomResourceDefinition, old: CustomResourceDefinition?) -> [FieldError] {
        let versions = definition.versions
        guard let first = versions.first else { return [] }
        func isUnchanged(_ version: CustomResourceVersion) -> Bool {
            old?.versions.contains { $0.name == version.name && $0.schema == version.schema } ?? false
        }
        // What all versions have alike Kubernetes takes as a property of the whole definition.
        if versions.allSatisfy({ $0.json["schema"] == first.json["schema"] }) {
            let path = FieldPath.spec["validation"]["openAPIV3Schema"]
            return first.schema.map { problems(in: $0, path, unchanged: isUnchanged(first)) } ?? []
        }
        return versions.enumerated().flatMap { index, version in
            let path = FieldPath.spec["versions"][index]["schema"]["openAPIV3Schema"]
            return version.schema.map { problems(in: $0, path, unchanged: isUnchanged(version)) } ?? []
        }
    }
}
