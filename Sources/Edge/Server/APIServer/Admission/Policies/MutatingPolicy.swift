internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// A `MutatingAdmissionPolicy`, compiled.
struct MutatingPolicy: Sendable {
    let policy: AdmissionPolicy
    let isReinvoked: Bool
    let mutations: [Mutation]

    enum Mutation: Sendable {
        /// An object whose fields are laid over the request's.
        case apply(PolicyExpression)
        /// A list of JSON patch operations.
        case patch(PolicyExpression)
    }

    /// Why a mutation could not be made.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// The type of objects that expressions build: any field may be set, and the merge checks them.
    static let objectType = CELObjectType(name: "Object", fields: [:], isOpen: true)
    static let patchType = CELObjectType(
        name: "JSONPatch",
        properties: ["op": .string(), "path": .string(), "from": .string(), "value": .any])

    static func environments(hasParams: Bool) -> PolicyEnvironments {
        var environments = PolicyEnvironments(hasParams: hasParams)
        environments.libraries = [.jsonPatch]
        environments.types = [objectType, patchType]
        return environments
    }

    init(_ object: APIObject) throws(SelectorError) {
        let spec = object["spec"] ?? .null
        let environments = Self.environments(hasParams: AdmissionPolicy.paramKind(spec) != nil)
        policy = try AdmissionPolicy(object, in: environments)
        isReinvoked = spec["reinvocationPolicy"] == "IfNeeded"
        let full = environments.full(policy.variables.type)
        mutations = (spec["mutations"]?.array ?? []).map { mutation in
            if mutation["patchType"] == "JSONPatch" {
                let source = mutation[path: "jsonPatch", "expression"]?.string ?? ""
                return .patch(PolicyExpression(source, in: full, [.list(.object(Self.patchType))]))
            }
            let source = mutation[path: "applyConfiguration", "expression"]?.string ?? ""
            return .apply(PolicyExpression(source, in: full, [.object(Self.objectType)]))
        }
    }

    /// The object as one mutation leaves it.
    /// - Parameter merge: by the type of the object.
    func mutated(
        _ object: JSONValue, _ mutation: Mutation, _ values: CELActivation, _ merge: PolicyMerge
    ) throws(Failure) -> JSONValue {
        var budget = CELCost.runtimeBudget
        switch mutation {
        case .apply(let expression):
            return try applied(try Self.run(expression, values, &budget), to: object, merge)
        case .patch(let expression):
            return try patched(object, by: try Self.run(expression, values, &budget))
        }
    }

    private static func run(
        _ expression: PolicyExpression, _ values: CELActivation, _ budget: inout UInt64
    ) throws(Failure) -> CELValue {
        do throws(PolicyExpression.Failure) { return try expression.run(values, &budget) } catch {
            switch error {
            case .failed(let message): throw Failure(message)
            case .outOfBudget: throw Failure(PolicyActivation.outOfBudget)
            }
        }
    }

    private func applied(
        _ value: CELValue, to object: JSONValue, _ merge: PolicyMerge
    ) throws(Failure) -> JSONValue {
        if let mismatch = PolicyObjectCheck.mismatch(value, "Object") {
            throw Failure("type mismatch: \(mismatch)")
        }
        guard case .object(var configuration)? = value.json, let live = object.object else {
            throw Failure("invalid return type: \(value.type)")
        }
        for key in ["apiVersion", "kind"] { configuration[key] = live[key] }
        let atomics = merge.atomics(in: configuration)
        guard atomics.isEmpty else {
            throw Failure(
                "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: \(atomics.joined(separator: ", "))"
            )
        }
        return .object(merge.merged(configuration, into: live))
    }

    private func patched(_ object: JSONValue, by value: CELValue) throws(Failure) -> JSONValue {
        guard case .list(let list) = value else {
            throw Failure("type mismatch: JSONPatchType.expression should evaluate to array")
        }
        for case .map(let operation) in list.values {
            guard let value = operation.find(.string("value")), case .map(let made) = value,
                let type = made.objectType
            else { continue }
            if let mismatch = PolicyObjectCheck.mismatch(value, type.name) {
                throw Failure("type mismatch: \(mismatch)")
            }
        }
        guard let operations = value.json else {
            throw Failure("JSONPath valueExpression evaluated to a type that could not marshal to JSON")
        }
        do { return try JSONPatch(operations).apply(to: object) } catch {
            // A test that fails means that there is nothing to do.
            if error.isFailedTest { return object }
            throw Failure("JSONPath: \(error)")
        }
    }
}
