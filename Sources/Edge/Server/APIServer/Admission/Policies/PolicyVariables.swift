internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON
internal import Synchronization

/// The `variables` of a policy: each may use those before it, and is computed when it is first used.
struct PolicyVariables: Sendable {
    enum Form: Sendable {
        case program(CELProgram)
        case broken(String)
    }

    let type: CELObjectType
    fileprivate let forms: [String: Form]
    fileprivate let names: [String]

    var isEmpty: Bool { forms.isEmpty }

    /// - Parameters:
    ///   - environment: with what expressions see of the variables before theirs.
    ///   - report: told of each that does not compile, by its place.
    init(
        _ variables: [JSONValue], in environment: (CELObjectType) -> PolicyEnvironment,
        report: (Int, PolicyCompileError) -> Void = { _, _ in }
    ) {
        var fields: [String: CELField] = [:]
        var forms: [String: Form] = [:]
        var names: [String] = []
        for (index, variable) in variables.enumerated() {
            let name = variable["name"]?.string ?? ""
            var schema = CELSchema.any
            do throws(PolicyCompileError) {
                let program = try environment(Self.type(fields))
                    .compileAny(variable["expression"]?.string ?? "")
                forms[name] = .program(program)
                schema = CELSchema(program.resultType)
            } catch {
                forms[name] = .broken(error.description)
                report(index, error)
            }
            fields[name] = CELField(jsonName: name, schema: schema)
            names.append(name)
        }
        type = Self.type(fields)
        self.forms = forms
        self.names = names
    }

    private static func type(_ fields: [String: CELField]) -> CELObjectType {
        CELObjectType(name: "kubernetes.variables", fields: fields)
    }

    /// The variable `variables` of one evaluation.
    func value(_ values: CELActivation) -> CELValue {
        .map(CELMap(lazy: PolicyVariableValues(self, values), type: type))
    }
}

/// The variables of one evaluation, with those that are known already.
private final class PolicyVariableValues: CELLazyFields {
    private let variables: PolicyVariables
    private let values: CELActivation
    private let known = Mutex<[String: Result<CELValue, CELEvaluationError>]>([:])

    init(_ variables: PolicyVariables, _ values: CELActivation) {
        self.variables = variables
        self.values = values
    }

    var names: [String] { variables.names }

    func field(_ name: String, remainingCost: UInt64) throws(CELEvaluationError) -> (
        value: CELValue, cost: UInt64
    )? {
        guard let form = variables.forms[name] else { return nil }
        if let known = known.withLock({ $0[name] }) { return (try known.get(), 0) }
        guard case .program(let program) = form else {
            guard case .broken(let cause) = form else { return nil }
            throw CELEvaluationError("composited variable \(name.goQuoted) fails to compile: \(cause)")
        }
        var values = values
        values["variables"] = .map(CELMap(lazy: self, type: variables.type))
        let outcome = program.run(values, costLimit: min(remainingCost, CELCost.perCallLimit))
        let result = outcome.result.mapError { error in
            error.kind == .costLimit
                ? error
                : CELEvaluationError("composited variable \(name.goQuoted) fails to evaluate: \(error)")
        }
        known.withLock { $0[name] = result }
        return (try result.get(), outcome.cost)
    }
}
