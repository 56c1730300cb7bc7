internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// What match conditions say of a request.
enum MatchConditionResult: Equatable {
    case matched
    /// The condition of this name is false.
    case notMatched(String)
    /// No condition is false, but some could not be evaluated: the failure policy decides.
    case error(String)
}

/// The `matchConditions` of a webhook, compiled once and evaluated any number of times.
struct MatchConditions: Sendable {
    private let conditions: [(name: String, program: CELProgram)]

    /// A condition that does not compile.
    struct Failure: Error, CustomStringConvertible {
        let place: Int
        let description: String
    }

    var isEmpty: Bool { conditions.isEmpty }

    init(compiling conditions: [(name: String, expression: String)]) throws(Failure) {
        try self.init(compiling: conditions, in: PolicyEnvironment())
    }

    /// - Parameter environment: what the conditions may refer to.
    init(
        compiling conditions: [(name: String, expression: String)], in environment: PolicyEnvironment
    ) throws(Failure) {
        var programs: [(name: String, program: CELProgram)] = []
        for (place, condition) in conditions.enumerated() {
            do throws(PolicyCompileError) {
                programs.append((condition.name, try environment.compile(condition.expression, .bool)))
            } catch { throw Failure(place: place, description: error.description) }
        }
        self.conditions = programs
    }

    /// Whether all conditions are true. Costs nothing where there are none.
    func evaluate(_ attributes: AdmissionAttributes) -> MatchConditionResult {
        guard !conditions.isEmpty else { return .matched }
        return evaluate(PolicyActivation(attributes).values)
    }

    /// - Parameter values: the variables, where somebody has them already.
    func evaluate(_ values: CELActivation) -> MatchConditionResult {
        var budget = CELCost.matchConditionsBudget
        var failures: [String] = []
        for (name, program) in conditions {
            let outcome = program.run(values)
            guard outcome.cost <= budget else { return .error(PolicyActivation.outOfBudget) }
            budget -= outcome.cost
            switch outcome.result {
            case .success(.bool(true)): continue
            case .success: return .notMatched(name)
            case .failure(let error):
                failures.append("expression '\(program.source)' resulted in error: \(error)")
            }
        }
        guard !failures.isEmpty else { return .matched }
        return .error(failures.count == 1 ? failures[0] : "[\(failures.joined(separator: ", "))]")
    }
}

extension MatchConditions {
    /// The most conditions that there may be.
    private static let maximum = 64

    /// What is wrong with the conditions of a configuration, in Kubernetes' words.
    static func errors(
        in conditions: [(name: String, expression: String)], _ path: FieldPath,
        _ environment: PolicyEnvironment = PolicyEnvironment()
    ) -> [FieldError] {
        var errors = FieldErrors()
        if conditions.count > maximum { errors.tooMany(path, conditions.count, maximum: maximum) }
        var names: Set<String> = []
        for (index, condition) in conditions.enumerated() {
            let place = path[index]
            let text = condition.expression
            if text.allSatisfy(\.isWhitespace) {
                errors.required(place["expression"])
            } else {
                do throws(PolicyCompileError) { _ = try environment.compile(text, .bool) } catch {
                    errors.invalid(place["expression"], .string(text), error.description)
                }
            }
            guard !condition.name.isEmpty else {
                errors.required(place["name"])
                continue
            }
            let messages = Names.labelKey(condition.name)
            if !messages.isEmpty {
                errors.invalid(place["name"], .string(condition.name), messages.joined(separator: ","))
            }
            if !names.insert(condition.name).inserted {
                errors.duplicate(place["name"], .string(condition.name))
            }
        }
        return errors.list
    }
}
