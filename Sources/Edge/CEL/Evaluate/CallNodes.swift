/// A call of a function by the first of its overloads that takes the values.
struct CallNode: PlanNode {
    let name: String
    let overloads: [CELOverload]
    let arguments: [any PlanNode]
    let cost: CallCost

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        var values: [CELValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try argument.evaluate(&state)) }
        for overload in overloads where overload.accepts(values) {
            // What the arguments decide is charged before the work is done.
            if !cost.needsResult { try state.charge(cost.cost(values, .null)) }
            let result = try overload.implementation(values)
            if cost.needsResult { try state.charge(cost.cost(values, result)) }
            return result
        }
        throw .noSuchOverload
    }
}

/// `==` and `!=`, which every pair of values has.
struct EqualityNode: PlanNode {
    let left: any PlanNode
    let right: any PlanNode
    let isNegated: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let first = try left.evaluate(&state)
        let second = try right.evaluate(&state)
        let cost: CallCost = isNegated ? .smallerOfTwo : .equality
        try state.charge(cost.cost([first, second], .null))
        return .bool(first.equals(second) != isNegated)
    }
}

/// `x in [constants]`: a look-up that costs nothing, as Kubernetes has it.
struct MembershipNode: PlanNode {
    let element: any PlanNode
    let members: Set<CELKey>

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let value = try element.evaluate(&state)
        return .bool(CELKey(value).map(members.contains) ?? false)
    }
}
