/// `[a, ?b]`
struct ListNode: PlanNode {
    let elements: [any PlanNode]
    let optional: Set<Int>

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        var values: [CELValue] = []
        values.reserveCapacity(elements.count)
        try append(to: &values, &state)
        try state.charge(CELCost.listCreation)
        return .list(CELList(values))
    }

    func append(to values: inout [CELValue], _ state: inout Evaluation) throws(CELEvaluationError) {
        for (index, element) in elements.enumerated() {
            let value = try element.evaluate(&state)
            guard optional.contains(index) else {
                values.append(value)
                continue
            }
            guard case .optional(let inner) = value else {
                throw CELEvaluationError(
                    "cannot initialize optional list element from non-optional value \(value.plainText)")
            }
            if let inner { values.append(inner) }
        }
    }
}

/// `{k: v, ?k: o}`
struct MapNode: PlanNode {
    struct Entry: Sendable {
        let key: any PlanNode
        let value: any PlanNode
        let isOptional: Bool
    }

    let entries: [Entry]

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        var map = CELEntries()
        for entry in entries {
            let key = try entry.key.evaluate(&state)
            var value = try entry.value.evaluate(&state)
            if entry.isOptional {
                guard case .optional(let inner) = value else {
                    throw CELEvaluationError(
                        "cannot initialize optional entry '\(key.plainText)' from non-optional value "
                            + value.plainText)
                }
                guard let inner else { continue }
                value = inner
            }
            guard map.set(key, value) else {
                throw CELEvaluationError("unsupported key type: \(key.type.name)")
            }
        }
        try state.charge(CELCost.mapCreation)
        return .map(CELMap(map))
    }
}

/// `Type{field: v, ?field: o}`
struct ObjectNode: PlanNode {
    struct Field: Sendable {
        let name: String
        let value: any PlanNode
        let isOptional: Bool
    }

    let type: CELObjectType
    let fields: [Field]

    func evaluate(_ state: inout Evaluation) throws(CELEvaluationError) -> CELValue {
        var entries = CELEntries()
        for field in fields {
            var value = try field.value.evaluate(&state)
            if field.isOptional {
                guard case .optional(let inner) = value else {
                    throw CELEvaluationError(
                        "cannot initialize optional entry '\(field.name)' from non-optional value "
                            + value.plainText)
                }
                guard let inner else { continue }
                value = inner
            }
            entries.set(.string(field.name), value)
        }
        try state.charge(CELCost.objectCreation)
        return .map(CELMap(entries, type: type))
    }
}
