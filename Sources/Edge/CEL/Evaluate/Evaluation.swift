/// The values of variables for one evaluation.
public struct CELActivation: Sendable {
    private var values: [String: CELValue]

    public init(_ values: [String: CELValue] = [:]) { self.values = values }

    public subscript(name: String) -> CELValue? {
        get { values[name] }
        set { values[name] = newValue }
    }
}

/// The state of one evaluation: variables of macros, and what it has cost.
struct Evaluation {
    enum Local {
        case value(CELValue)
        /// The value could not be computed; `&&` and `||` may yet absorb that.
        case failure(CELEvaluationError)
    }

    let activation: CELActivation
    var locals: [Local]
    private(set) var cost: UInt64 = 0
    private let limit: UInt64

    init(_ activation: CELActivation, locals: Int, limit: UInt64) {
        self.activation = activation
        self.locals = [Local](repeating: .value(.null), count: locals)
        self.limit = limit
    }

    var remainingCost: UInt64 { limit - min(cost, limit) }

    mutating func charge(_ units: UInt64) throws(CELEvaluationError) {
        cost = CELCost.sum(cost, units)
        if cost > limit { throw .costLimit }
    }
}

/// An instruction of a compiled expression.
protocol PlanNode: Sendable {
    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue
}

/// A value that is known when the expression is compiled.
struct ConstantNode: PlanNode {
    let value: CELValue

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue { value }
}
