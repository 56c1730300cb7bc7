/// `&&` and `||`: one side can decide, whatever the other is, even if that has no value.
struct LogicNode: PlanNode {
    let left: any PlanNode
    let right: any PlanNode
    /// The value that decides: false for `&&`, true for `||`.
    let decisive: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let first = try side(left, &state)
        if case .success(decisive) = first { return .bool(decisive) }
        let second = try side(right, &state)
        if case .success(decisive) = second { return .bool(decisive) }
        if case .failure(let error) = first { throw error }
        if case .failure(let error) = second { throw error }
        return .bool(!decisive)
    }

    /// Only running out of budget is not held back.
    private func side(
        _ node: any PlanNode, _ state: inout Evaluation
    ) throws(CELEvaluationError) -> Result<Bool, CELEvaluationError> {
        do throws(CELEvaluationError) {
            guard case .bool(let value) = try node.evaluate(&state) else { return .failure(.noSuchOverload) }
            return .success(value)
        } catch {
            if error.kind == .costLimit { throw error }
            return .failure(error)
        }
    }
}

/// `condition ? yes : no`
struct ConditionalNode: PlanNode {
    let condition: any PlanNode
    let yes: any PlanNode
    let no: any PlanNode

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        guard case .bool(let value) = try condition.evaluate(&state) else { throw .noSuchOverload }
        return try value ? yes.evaluate(&state) : no.evaluate(&state)
    }
}

/// The condition of a fold that goes on while the accumulator is not false, errors included.
struct NotFalseNode: PlanNode {
    let operand: any PlanNode

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let result: Bool
        do throws(CELEvaluationError) {
            if case .bool(false) = try operand.evaluate(&state) { result = false } else { result = true }
        } catch {
            if error.kind == .costLimit { throw error }
            result = true
        }
        try state.charge(1)
        return .bool(result)
    }
}

/// `x.or(y)` and `x.orValue(y)`: the second is not evaluated where the first has a value.
struct OptionalOrNode: PlanNode {
    let left: any PlanNode
    let right: any PlanNode
    let unwraps: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        guard case .optional(let inner) = try left.evaluate(&state) else { throw .noSuchOverload }
        guard let inner else { return try right.evaluate(&state) }
        return unwraps ? inner : .optional(inner)
    }
}
