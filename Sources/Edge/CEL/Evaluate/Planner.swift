/// Turns a checked tree into instructions: names become places, constants are computed.
struct Planner {
    private var scopes: [(name: String, slot: Int)] = []
    private(set) var localCount = 0
    /// The variables of the environment that the expression uses.
    private(set) var references: Set<String> = []

    mutating func plan(_ node: Expression, isBaseFree: Bool = false) -> any PlanNode {
        switch node.kind {
        case .literal(let value): return ConstantNode(value: value)
        case .identifier(let name): return planIdentifier(name, isBaseFree)
        case .select(let operand, let field, let isTest):
            return isTest
                ? PresenceNode(operand: planBase(operand, isFree: true), field: field)
                : SelectNode(operand: planBase(operand, isFree: isBaseFree), field: field, isOptional: false)
        case .call(let name, let target, let arguments):
            return planCall(node, name, (target.map { [$0] } ?? []) + arguments, isBaseFree)
        case .list(let elements, let optional): return planList(elements, optional)
        case .map(let entries): return planMap(entries)
        case .object(_, let fields):
            guard case .object(let type) = node.type else { return ConstantNode(value: .null) }
            return ObjectNode(
                type: type,
                fields: fields.map {
                    ObjectNode.Field(name: $0.name, value: plan($0.value), isOptional: $0.isOptional)
                })
        case .comprehension(let fold): return planFold(fold)
        }
    }

    private mutating func planIdentifier(_ name: String, _ isBaseFree: Bool) -> any PlanNode {
        if let local = scopes.last(where: { $0.name == name }) {
            return LocalNode(slot: local.slot, isBaseFree: isBaseFree)
        }
        let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
        references.insert(plain)
        return VariableNode(name: plain, isBaseFree: isBaseFree)
    }

    /// The operand of a field or an index. A chain goes on; anything else begins one.
    private mutating func planBase(_ node: Expression, isFree: Bool) -> any PlanNode {
        let operand = plan(node, isBaseFree: isFree)
        return Self.isChain(node) || isFree ? operand : BaseNode(operand: operand)
    }

    private static func isChain(_ node: Expression) -> Bool {
        switch node.kind {
        case .identifier: true
        case .select(_, _, let isTest): !isTest
        case .call(let name, _, _): ["_[_]", "_[?_]", "_?._", "_?_:_"].contains(name)
        default: false
        }
    }

    // MARK: calls

    private mutating func planCall(
        _ node: Expression, _ name: String, _ arguments: [Expression], _ isBaseFree: Bool
    ) -> any PlanNode {
        switch name {
        case "_&&_", "_||_":
            return LogicNode(left: plan(arguments[0]), right: plan(arguments[1]), decisive: name == "_||_")
        case "_?_:_":
            return ConditionalNode(
                condition: plan(arguments[0]), yes: plan(arguments[1], isBaseFree: true),
                no: plan(arguments[2], isBaseFree: true))
        case "_==_", "_!=_":
            return EqualityNode(
                left: plan(arguments[0]), right: plan(arguments[1]), isNegated: name == "_!=_")
        case "_[_]", "_[?_]":
            return IndexNode(
                operand: planBase(arguments[0], isFree: isBaseFree),
                index: plan(arguments[1], isBaseFree: true),
                isOptional: name == "_[?_]")
        case "_?._":
            guard case .literal(.string(let field)) = arguments[1].kind else { break }
            return SelectNode(
                operand: planBase(arguments[0], isFree: isBaseFree), field: field, isOptional: true)
        case "@not_strictly_false": return NotFalseNode(operand: plan(arguments[0]))
        case "or" where node.overloads.first?.id == "optional_or_optional":
            return OptionalOrNode(left: plan(arguments[0]), right: plan(arguments[1]), unwraps: false)
        case "orValue":
            return OptionalOrNode(left: plan(arguments[0]), right: plan(arguments[1]), unwraps: true)
        default: break
        }
        if let node = planInPlace(name, arguments) { return node }
        let plans = arguments.map { plan($0) }
        let only = node.overloads.count == 1 ? node.overloads[0].id : nil
        if only == "in_list", let node = Self.membership(plans) { return node }
        let call = CallNode(
            name: name, overloads: node.overloads.map { RegexFunctions.specialized($0, plans) },
            arguments: plans,
            cost: CallCost(function: name, overload: only))
        return Self.conversions.contains(name) ? Self.folded(call) : call
    }

    private static let conversions: Set<String> = [
        "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint",
    ]

    /// A conversion of a constant is computed now; one that fails stays, to fail when it is reached.
    private static func folded(_ call: CallNode) -> any PlanNode {
        guard call.arguments.count == 1, call.arguments[0] is ConstantNode else { return call }
        var state = Evaluation(CELActivation(), locals: 0, limit: .max)
        do throws(CELEvaluationError) {
            return ConstantNode(value: try call.evaluate(&state))
        } catch { return call }
    }

    private static func membership(_ plans: [any PlanNode]) -> (any PlanNode)? {
        guard let constant = plans[1] as? ConstantNode, case .list(let list) = constant.value else {
            return nil
        }
        if list.count == 0 { return ConstantNode(value: .bool(false)) }
        var members: Set<CELKey> = []
        for value in list.values {
            guard let key = CELKey(value) else { return nil }
            members.insert(key)
        }
        return MembershipNode(element: plans[0], members: members)
    }

    // MARK: literals

    private mutating func planList(_ elements: [Expression], _ optional: Set<Int>) -> any PlanNode {
        let plans = elements.map { plan($0) }
        let constants = plans.compactMap { ($0 as? ConstantNode)?.value }
        if constants.count == plans.count, optional.isEmpty {
            return ConstantNode(value: .list(CELList(constants)))
        }
        return ListNode(elements: plans, optional: optional)
    }

    private mutating func planMap(_ entries: [Expression.Entry]) -> any PlanNode {
        let plans = entries.map {
            MapNode.Entry(key: plan($0.key), value: plan($0.value), isOptional: $0.isOptional)
        }
        let node = MapNode(entries: plans)
        let isConstant = plans.allSatisfy {
            $0.key is ConstantNode && $0.value is ConstantNode && !$0.isOptional
        }
        guard isConstant else { return node }
        var state = Evaluation(CELActivation(), locals: 0, limit: .max)
        do throws(CELEvaluationError) {
            return ConstantNode(value: try node.evaluate(&state))
        } catch { return node }
    }

    // MARK: folds

    private mutating func newSlot(_ name: String) -> Int {
        let slot = localCount
        localCount += 1
        scopes.append((name, slot))
        return slot
    }

    private mutating func planFold(_ fold: Expression.Comprehension) -> any PlanNode {
        if case .literal(.bool(false)) = fold.condition.kind {
            let value = plan(fold.initial)
            let slot = newSlot(fold.accumulator)
            defer { scopes.removeLast() }
            return BindNode(value: value, slot: slot, body: plan(fold.result))
        }
        let range = plan(fold.range)
        let initial = plan(fold.initial)
        let accumulator = newSlot(fold.accumulator)
        let variable = newSlot(fold.variable)
        let second = fold.secondVariable.map { newSlot($0) }
        var condition: (any PlanNode)? = plan(fold.condition)
        if let constant = condition as? ConstantNode, case .bool(true) = constant.value { condition = nil }
        let step = plan(fold.step)
        scopes.removeLast(second == nil ? 1 : 2)
        let result = plan(fold.result)
        scopes.removeLast()
        return FoldNode(
            range: range, initial: initial, condition: condition, step: step, result: result,
            accumulator: accumulator, variable: variable, secondVariable: second)
    }

    /// `@result + [x]` and `cel.@mapInsert(@result, ...)`, which change the accumulator where it lies.
    private mutating func planInPlace(_ name: String, _ arguments: [Expression]) -> (any PlanNode)? {
        guard let first = arguments.first, first.identifier == Expression.accumulator,
            let slot = scopes.last(where: { $0.name == Expression.accumulator })?.slot
        else { return nil }
        if name == "cel.@mapInsert" {
            return InsertNode(slot: slot, arguments: arguments.dropFirst().map { plan($0) })
        }
        guard name == "_+_", case .list(let elements, let optional) = arguments[1].kind else { return nil }
        let list = ListNode(elements: elements.map { plan($0) }, optional: optional)
        let isConstant = list.elements.allSatisfy { $0 is ConstantNode }
        return AppendNode(
            slot: slot, elements: list, cost: CELCost.access + 1 + (isConstant ? 0 : CELCost.listCreation))
    }
}
