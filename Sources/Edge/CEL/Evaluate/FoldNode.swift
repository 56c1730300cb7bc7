/// A comprehension: goes through a list or a map and computes an accumulator.
struct FoldNode: PlanNode {
    let range: any PlanNode
    let initial: any PlanNode
    /// Nil where it is always true.
    let condition: (any PlanNode)?
    let step: any PlanNode
    let result: any PlanNode
    let accumulator: Int
    let variable: Int
    let secondVariable: Int?

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let range = try self.range.evaluate(&state)
        state.locals[accumulator] = .value(try initial.evaluate(&state))
        switch range {
        case .list(let list):
            for index in 0..<list.count {
                if let secondVariable {
                    state.locals[variable] = .value(.int(Int64(index)))
                    state.locals[secondVariable] = .value(list[index])
                } else {
                    state.locals[variable] = .value(list[index])
                }
                guard try advance(&state) else { break }
            }
        case .map(let map):
            for key in map.keys {
                state.locals[variable] = .value(key)
                if let secondVariable { state.locals[secondVariable] = .value(map.find(key) ?? .null) }
                guard try advance(&state) else { break }
            }
        default:
            throw CELEvaluationError(
                "got '\(range.type.name)', expected iterable type", kind: .noSuchOverload)
        }
        defer { state.locals[accumulator] = .value(.null) }
        return try result.evaluate(&state)
    }

    /// One step; false where the condition ends the fold.
    private func advance(_ state: inout Evaluation) throws(CELEvaluationError) -> Bool {
        guard let condition else {
            state.locals[accumulator] = .value(try step.evaluate(&state))
            return true
        }
        guard case .bool(true) = try condition.evaluate(&state) else { return false }
        do throws(CELEvaluationError) {
            state.locals[accumulator] = .value(try step.evaluate(&state))
        } catch {
            // An error is a value of the accumulator: a later step may still decide.
            if error.kind == .costLimit { throw error }
            state.locals[accumulator] = .failure(error)
        }
        return true
    }
}

/// A value under a name; an error in it counts only where the name is used.
struct BindNode: PlanNode {
    let value: any PlanNode
    let slot: Int
    let body: any PlanNode

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        do throws(CELEvaluationError) {
            state.locals[slot] = .value(try value.evaluate(&state))
        } catch {
            if error.kind == .costLimit { throw error }
            state.locals[slot] = .failure(error)
        }
        return try body.evaluate(&state)
    }
}

/// `accumulator + [elements]` in a fold's step, in place.
struct AppendNode: PlanNode {
    let slot: Int
    let elements: ListNode
    /// What making the list and adding it costs.
    let cost: UInt64

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        try state.charge(cost)
        var added: [CELValue] = []
        try elements.append(to: &added, &state)
        guard case .value(.list(var list)) = state.locals[slot] else { throw .noSuchOverload }
        // Taken out of its place, so that appending does not copy what is there already.
        state.locals[slot] = .value(.null)
        for value in added { list.append(value) }
        return .list(list)
    }
}

/// `cel.@mapInsert(accumulator, key, value)` or `(accumulator, map)` in a fold's step, in place.
struct InsertNode: PlanNode {
    let slot: Int
    let arguments: [any PlanNode]

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        try state.charge(2 * CELCost.access)
        var added: [(CELValue, CELValue)] = []
        if arguments.count == 2 {
            added = [(try arguments[0].evaluate(&state), try arguments[1].evaluate(&state))]
        } else {
            guard case .map(let map) = try arguments[0].evaluate(&state) else { throw .noSuchOverload }
            added = map.keys.map { ($0, map.find($0) ?? .null) }
        }
        guard case .value(.map(let map)) = state.locals[slot], case .entries(var entries) = map.storage else {
            throw .noSuchOverload
        }
        state.locals[slot] = .value(.null)
        for (key, value) in added {
            if entries[key] != nil {
                throw CELEvaluationError("insert failed: key \(key.plainText) already exists")
            }
            guard entries.set(key, value) else {
                throw CELEvaluationError("unsupported key type: \(key.type.name)")
            }
        }
        return .map(CELMap(entries))
    }
}
