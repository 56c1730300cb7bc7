/// A compiled expression, to be evaluated any number of times, from any thread.
public final class CELProgram: Sendable {
    public let source: String
    public let resultType: CELType
    /// The variables that the expression uses, such as `oldSelf`.
    public let references: Set<String>
    /// What an evaluation may cost at the least and at the most, going by the schemas.
    public let estimatedCost: CELCostRange
    private let plan: any PlanNode
    private let localCount: Int

    init(
        source: String, resultType: CELType, references: Set<String>, estimatedCost: CELCostRange,
        plan: any PlanNode, localCount: Int
    ) {
        self.source = source
        self.resultType = resultType
        self.references = references
        self.estimatedCost = estimatedCost
        self.plan = plan
        self.localCount = localCount
    }

    /// What an evaluation gave, and what it cost, also where it failed.
    public struct Outcome: Sendable {
        public let result: Result<CELValue, CELEvaluationError>
        public let cost: UInt64
    }

    /// Evaluates with the variables of an activation; stops where the cost goes beyond the limit.
    public func run(_ activation: CELActivation, costLimit: UInt64 = CELCost.perCallLimit) -> Outcome {
        var state = Evaluation(activation, locals: localCount, limit: costLimit)
        do throws(CELEvaluationError) {
            let value = try plan.evaluate(&state)
            return Outcome(result: .success(value), cost: state.cost)
        } catch { return Outcome(result: .failure(error), cost: state.cost) }
    }

    /// As `run`, for a caller who does not keep accounts.
    public func evaluate(
        _ activation: CELActivation, costLimit: UInt64 = CELCost.perCallLimit
    ) throws(CELEvaluationError) -> CELValue {
        try run(activation, costLimit: costLimit).result.get()
    }
}
