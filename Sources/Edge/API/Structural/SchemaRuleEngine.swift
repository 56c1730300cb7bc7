public import EdgeJSON

/// Compiles and evaluates `x-kubernetes-validations`, rules in CEL.
public protocol SchemaRuleEngine: Sendable {
    /// What is wrong with the rules of a schema, found when a definition is written: they do not compile, or
    /// may cost too much. `path` is that of the schema.
    /// The cost of single rules is no reason to refuse a schema that is `unchanged`.
    func problems(in schema: JSONObject, _ path: FieldPath, unchanged: Bool) -> [FieldError]

    /// The rules of one version, ready to be evaluated; nil where it has none.
    func rules(of schema: JSONObject) -> (any SchemaRules)?
}

/// The rules of one version of a custom resource.
public protocol SchemaRules: Sendable {
    /// What an object violates; `old` is nil for a new one. Called for objects that the schema found valid.
    func errors(in object: JSONValue, old: JSONValue?) -> [FieldError]
}

extension [FieldError] {
    /// These errors, and those of rules, which are asked only where the object has the form that they expect.
    func adding(_ rules: (any SchemaRules)?, _ object: JSONValue, old: JSONValue?) -> [FieldError] {
        guard let rules else { return self }
        let blocking: Set<FieldError.Kind> = [.notSupported, .required, .tooLong, .tooMany, .typeInvalid]
        guard !contains(where: { blocking.contains($0.kind) }) else {
            return self + [
                FieldError(
                    .invalid, "<nil>", value: .null,
                    detail:
                        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
                )
            ]
        }
        return self + rules.errors(in: object, old: old)
    }
}
