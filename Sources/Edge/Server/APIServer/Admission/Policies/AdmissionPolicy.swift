internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// What validating and mutating policies have in common.
struct AdmissionPolicy: Sendable {
    let name: String
    let match: PolicyMatch
    let ignoresFailures: Bool
    /// Nil for a policy without parameters.
    let paramKind: GroupVersionKind?
    let variables: PolicyVariables
    /// Or why they cannot be evaluated.
    let conditions: Result<MatchConditions, MatchConditions.Failure>

    init(_ object: APIObject, in environments: PolicyEnvironments) throws(SelectorError) {
        let spec = object["spec"] ?? .null
        name = object.name
        match = try PolicyMatch(spec["matchConstraints"])
        ignoresFailures = spec["failurePolicy"] == "Ignore"
        paramKind = Self.paramKind(spec)
        variables = PolicyVariables(spec["variables"]?.array ?? []) { environments.full($0) }
        let conditions = (spec["matchConditions"]?.array ?? []).map {
            (name: $0["name"]?.string ?? "", expression: $0["expression"]?.string ?? "")
        }
        self.conditions = Result { () throws(MatchConditions.Failure) in
            try MatchConditions(compiling: conditions, in: environments.conditions)
        }
    }

    static func paramKind(_ spec: JSONValue) -> GroupVersionKind? {
        guard let kind = spec["paramKind"], !kind.isNull else { return nil }
        return GroupVersionKind(
            apiVersion: kind["apiVersion"]?.string ?? "", kind: kind["kind"]?.string ?? "")
    }

    func meetsConditions(_ values: CELActivation) -> MatchConditionResult {
        switch conditions {
        case .success(let conditions): conditions.evaluate(values)
        case .failure(let failure): .error("compilation error: \(failure.description)")
        }
    }
}

/// The environments of one policy's expressions.
struct PolicyEnvironments: Sendable {
    let hasParams: Bool
    var schemas: [String: CELSchema] = [:]
    var libraries: [CELLibrary] = []
    var types: [CELObjectType] = []

    init(hasParams: Bool) { self.hasParams = hasParams }

    /// For validations, mutations and variables.
    func full(_ variables: CELObjectType) -> PolicyEnvironment {
        PolicyEnvironment(
            hasParams: hasParams, variables: variables.fields.isEmpty ? nil : variables, schemas: schemas,
            libraries: libraries, types: types)
    }

    /// Without the authorizer: for messages.
    func withoutAuthorizer(_ variables: CELObjectType) -> PolicyEnvironment {
        PolicyEnvironment(
            hasParams: hasParams, hasAuthorizer: false, variables: variables.fields.isEmpty ? nil : variables,
            schemas: schemas)
    }

    var conditions: PolicyEnvironment { PolicyEnvironment(hasParams: hasParams, schemas: schemas) }
}
