// Variables, fields and elements. Kubernetes charges one unit for the variable at the begin of a chain of
// fields and indexes and one for each step. A chain that begins with a computed value costs one for that,
// and none where the chain is a branch of `?:`, an index, or tested by `has`: `isBaseFree`.

struct VariableNode: PlanNode {
    let name: String
    let isBaseFree: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        if !isBaseFree { try state.charge(CELCost.access) }
        guard let value = state.activation[name] else {
            throw CELEvaluationError("no such attribute(s): \(name)")
        }
        return value
    }
}

/// A variable of a macro.
struct LocalNode: PlanNode {
    let slot: Int
    let isBaseFree: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        if !isBaseFree { try state.charge(CELCost.access) }
        switch state.locals[slot] {
        case .value(let value): return value
        case .failure(let error): throw error
        }
    }
}

/// A computed value at the begin of a chain.
struct BaseNode: PlanNode {
    let operand: any PlanNode

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let value = try operand.evaluate(&state)
        try state.charge(CELCost.access)
        return value
    }
}

/// `operand.field` and `operand.?field`
struct SelectNode: PlanNode {
    let operand: any PlanNode
    let field: String
    let isOptional: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let value = try operand.evaluate(&state)
        try state.charge(CELCost.access)
        switch value {
        case .optional(nil): return value
        case .optional(let inner?): return .optional(try Self.field(field, of: inner, &state))
        default:
            let found = try Self.field(field, of: value, &state)
            if isOptional { return .optional(found) }
            guard let found else { throw CELEvaluationError("no such key: \(field)") }
            return found
        }
    }

    static func field(
        _ name: String, of value: CELValue, _ state: inout Evaluation
    ) throws(CELEvaluationError) -> CELValue? {
        guard case .map(let map) = value else { return nil }
        if case .lazy(let fields, _) = map.storage {
            guard let (value, cost) = try fields.field(name, remainingCost: state.remainingCost) else {
                return nil
            }
            try state.charge(cost)
            return value
        }
        return map.find(.string(name))
    }
}

/// `has(operand.field)`
struct PresenceNode: PlanNode {
    let operand: any PlanNode
    let field: String

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        var value = try operand.evaluate(&state)
        try state.charge(CELCost.access)
        if case .optional(let inner) = value {
            guard let inner else { return .bool(false) }
            value = inner
        }
        guard case .map(let map) = value else { return .bool(false) }
        return .bool(map.contains(.string(field)))
    }
}

/// `operand[index]` and `operand[?index]`
struct IndexNode: PlanNode {
    let operand: any PlanNode
    let index: any PlanNode
    let isOptional: Bool

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        let value = try operand.evaluate(&state)
        let place = try index.evaluate(&state)
        try state.charge(CELCost.access)
        switch value {
        case .optional(nil): return value
        case .optional(let inner?): return .optional(try Self.element(place, of: inner, &state))
        default:
            let found = try Self.element(place, of: value, &state)
            if isOptional { return .optional(found) }
            if let found { return found }
            if case .list = value { throw CELEvaluationError("index out of bounds: \(place.plainText)") }
            throw CELEvaluationError("no such key: \(place.plainText)")
        }
    }

    private static func element(
        _ place: CELValue, of value: CELValue, _ state: inout Evaluation
    ) throws(CELEvaluationError) -> CELValue? {
        switch value {
        case .list(let list):
            let index: Int64?
            switch place {
            case .int(let value): index = value
            case .uint(let value): index = Int64(exactly: value)
            case .double(let value):
                guard let whole = Int64(exactly: value) else {
                    throw CELEvaluationError("unsupported index value \(place.plainText) in list")
                }
                index = whole
            default: throw CELEvaluationError("unsupported index type '\(place.type.name)' in list")
            }
            guard let index, index >= 0, index < list.count else { return nil }
            return list[Int(index)]
        case .map(let map):
            if case .lazy = map.storage, case .string(let name) = place {
                return try SelectNode.field(name, of: value, &state)
            }
            return map.find(place)
        default: return nil
        }
    }
}
