internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// Evaluates the rules of one object within one budget. On updates a rule that does not look at the old value
/// is let pass where nothing has changed (ratcheting).
struct RuleEvaluation {
    private(set) var errors: [FieldError] = []
    private var budget = CELCost.runtimeBudget
    private var isOver = false

    /// The new and the old value of a node, and those of the nearest node around it that has an old one.
    struct Correlation {
        var current: (new: JSONValue, old: JSONValue)?
        var around: (new: JSONValue, old: JSONValue)?
        var isRoot = false

        /// What is wrong here was wrong before.
        var isUnchanged: Bool {
            guard let pair = current ?? around else { return false }
            return pair.new == pair.old
        }

        func member(_ name: String, _ new: JSONValue) -> Correlation {
            guard let current else { return self }
            // Both have been brought to the same version: their own would never differ.
            if isRoot, name == "apiVersion" || name == "kind" { return Correlation() }
            return Correlation(current: current.old[name].map { (new, $0) }, around: current)
        }

        func element(_ new: JSONValue, _ old: JSONValue?) -> Correlation {
            guard let current else { return self }
            return Correlation(current: old.map { (new, $0) }, around: current)
        }
    }

    mutating func visit(
        _ tree: RuleTree, _ path: String, _ value: JSONValue, _ old: JSONValue?, _ correlation: Correlation
    ) {
        guard !isOver, !value.isNull else { return }
        if !tree.rules.isEmpty || !tree.failures.isEmpty { evaluate(tree, path, value, old, correlation) }
        switch value {
        case .array(let elements):
            guard let items = tree.items else { return }
            for (index, element) in elements.enumerated() where !isOver {
                let before = Self.counterpart(of: element, in: old?.array, tree.keys)
                visit(items, "\(path)[\(index)]", element, before, correlation.element(element, before))
            }
        case .object(let object):
            guard tree.additional != nil || !tree.properties.isEmpty else { return }
            for member in object.members where !isOver {
                let (name, value) = (member.key, member.value)
                let inner = correlation.member(name, value)
                if let property = tree.properties[name] {
                    visit(property, path.isEmpty ? name : "\(path).\(name)", value, old?[name], inner)
                } else if let additional = tree.additional {
                    visit(additional, "\(path)[\(name)]", value, old?[name], inner)
                }
            }
        default: break
        }
    }

    /// The old element with the same keys; of lists that are no maps nil.
    private static func counterpart(
        of element: JSONValue, in old: [JSONValue]?, _ keys: [String]
    ) -> JSONValue? {
        guard !keys.isEmpty, let old else { return nil }
        return old.first { other in keys.allSatisfy { other[$0] == element[$0] } }
    }

    // MARK: One node

    private mutating func evaluate(
        _ tree: RuleTree, _ path: String, _ value: JSONValue, _ old: JSONValue?, _ correlation: Correlation
    ) {
        let field = path.isEmpty ? "<nil>" : path
        for failure in tree.failures { fail(tree, field, failure) }
        guard !tree.rules.isEmpty else { return }
        let old = old.flatMap { $0.isNull ? JSONValue?.none : $0 }
        let oldValue = old.map { CELValue(json: $0, schema: tree.schema) }
        var plain = CELActivation(["self": CELValue(json: value, schema: tree.schema)])
        plain["oldSelf"] = oldValue
        var optional = plain
        optional["oldSelf"] = .optional(oldValue)
        for rule in tree.rules where !isOver {
            if rule.usesOldSelf, old == nil, !rule.hasOptionalOldSelf { continue }
            evaluate(rule, tree, field, rule.hasOptionalOldSelf ? optional : plain, correlation)
        }
    }

    private mutating func evaluate(
        _ rule: SchemaRule, _ tree: RuleTree, _ field: String, _ values: CELActivation,
        _ correlation: Correlation
    ) {
        let outcome = rule.program.run(values)
        guard spend(outcome.cost) else {
            fail(
                tree, field,
                "validation failed due to running out of cost budget, no further validation rules will be run"
            )
            return
        }
        switch outcome.result {
        case .success(.bool(true)): return
        case .success: break
        case .failure(let error):
            fail(tree, field, explain(error, rule))
            return
        }
        let detail = message(rule, values)
        if !rule.usesOldSelf, correlation.isUnchanged { return }
        let place =
            rule.fieldPath.isEmpty
            ? field : field == "<nil>" ? rule.fieldPath : "\(field).\(rule.fieldPath)"
        errors.append(Self.error(rule.reason, place, tree.type, detail))
    }

    private mutating func explain(_ error: CELEvaluationError, _ rule: SchemaRule) -> String {
        switch error.kind {
        case .noSuchOverload:
            return
                "'\(error)': call arguments did not match a supported operator, function or macro signature for rule: \(rule.name)"
        case .costLimit:
            isOver = true
            return
                "'\(error)': no further validation rules will be run due to call cost exceeds limit for rule: \(rule.name)"
        case .other: return "\(error) evaluating rule: \(rule.name)"
        }
    }

    /// What the message expression gives where it gives something usable, else the message.
    private mutating func message(_ rule: SchemaRule, _ values: CELActivation) -> String {
        guard let program = rule.messageProgram else { return rule.defaultDetail }
        let outcome = program.run(values)
        guard spend(outcome.cost) else {
            return
                "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"
        }
        if case .failure(let error) = outcome.result, error.kind == .costLimit {
            isOver = true
            return
                "no further validation rules will be run due to call cost exceeds limit for messageExpression: \(program.source.goQuoted)"
        }
        guard case .success(.string(let text)) = outcome.result else { return rule.defaultDetail }
        let trimmed = SchemaRule.trimmed(text)
        let isUsable =
            !trimmed.isEmpty && trimmed.utf8.count <= CELCost.maximumMessageSize && !trimmed.contains("\n")
        return isUsable ? trimmed : rule.defaultDetail
    }

    private mutating func spend(_ cost: UInt64) -> Bool {
        guard cost <= budget else {
            isOver = true
            return false
        }
        budget -= cost
        return true
    }

    private mutating func fail(_ tree: RuleTree, _ field: String, _ detail: String) {
        errors.append(FieldError(.invalid, field, value: .string(tree.type), detail: detail))
    }

    private static func error(
        _ reason: String, _ field: String, _ type: String, _ detail: String
    ) -> FieldError {
        switch reason {
        case "FieldValueForbidden": FieldError(.forbidden, field, value: "", detail: detail)
        case "FieldValueRequired": FieldError(.required, field, value: "", detail: detail)
        case "FieldValueDuplicate": FieldError(.duplicate, field, value: .string(type))
        default: FieldError(.invalid, field, value: .string(type), detail: detail)
        }
    }
}
