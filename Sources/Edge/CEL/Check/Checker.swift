/// Finds the type of every node and the overloads of every call, or what is wrong with them.
struct Checker {
    let declarations: Declarations
    let issues: IssueLog
    var unifier = TypeUnifier()
    /// The variables of macros, innermost last.
    private var locals: [(name: String, type: CELType)] = []

    init(_ declarations: Declarations, issues: IssueLog) {
        self.declarations = declarations
        self.issues = issues
    }

    mutating func check(root: Expression) {
        check(root)
        finish(root)
    }

    /// Puts the final types in, once all variables are known.
    private func finish(_ node: Expression) {
        node.type = unifier.substitute(node.type, unboundToDyn: true)
        for child in node.children { finish(child) }
    }

    mutating func check(_ node: Expression) {
        switch node.kind {
        case .literal(let value): node.type = value.type
        case .identifier(let name): checkIdentifier(node, name)
        case .select(let operand, let field, let isTest): checkSelect(node, operand, field, isTest)
        case .call(let name, let target, let arguments): checkCall(node, name, target, arguments)
        case .list(let elements, let optional): checkList(node, elements, optional)
        case .map(let entries): checkMap(node, entries)
        case .object(let name, let fields): checkObject(node, name, fields)
        case .comprehension(let fold): checkComprehension(node, fold)
        }
    }

    // MARK: names

    /// The type of a name; types are values too.
    private func resolve(_ name: String) -> (type: CELType, constant: CELValue?)? {
        let isGlobal = name.hasPrefix(".")
        let plain = isGlobal ? String(name.dropFirst()) : name
        if !isGlobal, let local = locals.last(where: { $0.name == plain }) { return (local.type, nil) }
        if let schema = declarations.variables[plain] { return (schema.type, nil) }
        if let type = declarations.types[plain] { return (.type(type), .type(type)) }
        return nil
    }

    private func isLocal(_ name: String) -> Bool { locals.contains { $0.name == name } }

    private func checkIdentifier(_ node: Expression, _ name: String) {
        guard let found = resolve(name) else {
            node.type = .error
            issues.report("undeclared reference to '\(name)' (in container '')", at: node.offset)
            return
        }
        node.type = found.type
        if let constant = found.constant {
            node.kind = .literal(constant)
        } else if name.hasPrefix(".") {
            // Locals are looked up first, so a global name that one hides keeps its dot.
            let plain = String(name.dropFirst())
            node.kind = .identifier(isLocal(plain) ? name : plain)
        }
    }

    private mutating func checkSelect(
        _ node: Expression, _ operand: Expression, _ field: String, _ isTest: Bool
    ) {
        if !isTest, let names = node.qualifiedName, let first = names.first, !isLocal(first) {
            let name = names.joined(separator: ".")
            if let found = resolve(name) {
                node.type = found.type
                node.kind = found.constant.map { .literal($0) } ?? .identifier(name)
                return
            }
        }
        let type = selected(node, operand, field, isOptional: false)
        node.type = isTest ? .bool : unifier.substitute(type)
    }

    /// The type of a field of an operand.
    mutating func selected(
        _ node: Expression, _ operand: Expression, _ field: String, isOptional: Bool
    ) -> CELType {
        check(operand)
        let (target, wasOptional) = unifier.substitute(operand.type).unwrapped
        let result: CELType
        switch target {
        case .map(_, let value): result = value
        case .object(let type):
            if let found = type.field(field) {
                result = found.schema.type
            } else {
                issues.report("undefined field '\(field)'", at: node.offset)
                result = .error
            }
        case .parameter:
            _ = unifier.assign(.dyn, to: target)
            result = .dyn
        case .opaque where !target.isDynOrError:
            issues.report("undefined field '\(field)'", at: node.offset)
            result = .error
        default:
            if !target.isDynOrError {
                issues.report("type '\(target)' does not support field selection", at: node.offset)
            }
            result = .dyn
        }
        return wasOptional || isOptional ? .optional(result) : result
    }

    // MARK: literals

    private mutating func checkList(_ node: Expression, _ elements: [Expression], _ optional: Set<Int>) {
        var joined: CELType?
        for (index, element) in elements.enumerated() {
            check(element)
            let type = optional.contains(index) ? unwrapped(element) : element.type
            joined = join(joined, type)
        }
        node.type = .list(joined ?? unifier.newVariable())
    }

    private mutating func checkMap(_ node: Expression, _ entries: [Expression.Entry]) {
        var key: CELType?
        var value: CELType?
        for entry in entries {
            check(entry.key)
            key = join(key, entry.key.type)
            check(entry.value)
            value = join(value, entry.isOptional ? unwrapped(entry.value) : entry.value.type)
        }
        node.type = .map(key ?? unifier.newVariable(), value ?? unifier.newVariable())
    }

    /// The type within an optional element, or an error where the element is no optional.
    private func unwrapped(_ node: Expression) -> CELType {
        let (type, isOptional) = unifier.substitute(node.type).unwrapped
        if !isOptional, !type.isDynOrError { mismatch(node.offset, expected: .optional(type), found: type) }
        return type
    }

    private mutating func join(_ previous: CELType?, _ next: CELType) -> CELType {
        guard let previous else { return next }
        guard unifier.assign(previous, to: next) else { return .dyn }
        return TypeUnifier.mostGeneral(previous, next)
    }

    func mismatch(_ offset: Int, expected: CELType, found: CELType) {
        issues.report(
            "expected type '\(unifier.substitute(expected))' but found '\(unifier.substitute(found))'",
            at: offset)
    }

    private mutating func checkObject(_ node: Expression, _ name: String, _ fields: [Expression.Field]) {
        let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
        guard let declared = declarations.types[plain] ?? openType(plain) else {
            issues.report("undeclared reference to '\(name)' (in container '')", at: node.offset)
            node.type = .error
            return
        }
        guard case .object(let type) = declared else {
            issues.report("'\(name)' is not a message type", at: node.offset)
            node.type = .error
            return
        }
        node.type = declared
        for field in fields {
            check(field.value)
            guard let declaration = type.field(field.name) else {
                issues.report("undefined field '\(field.name)'", at: field.offset)
                continue
            }
            let found = field.isOptional ? unwrapped(field.value) : field.value.type
            let wanted = declaration.schema.type
            if !unifier.assign(wanted, to: found) {
                issues.report(
                    "expected type of field '\(field.name)' is '\(wanted)' but provided type is "
                        + "'\(unifier.substitute(found))'", at: field.offset)
            }
        }
    }

    /// `Object.spec.template` where `Object` takes any field.
    private func openType(_ name: String) -> CELType? {
        guard let dot = name.firstIndex(of: "."),
            case .object(let root)? = declarations.types[String(name[..<dot])],
            root.isOpen
        else { return nil }
        return .object(CELObjectType(name: name, fields: [:], isOpen: true))
    }

    // MARK: comprehensions

    private mutating func checkComprehension(_ node: Expression, _ fold: Expression.Comprehension) {
        check(fold.range)
        check(fold.initial)
        let range = unifier.substitute(fold.range.type)
        let accumulatorType = fold.initial.type
        let (first, second) = elementTypes(range, fold)
        locals.append((fold.accumulator, accumulatorType))
        locals.append((fold.variable, first))
        if let name = fold.secondVariable { locals.append((name, second)) }
        check(fold.condition)
        assert(fold.condition, is: .bool)
        check(fold.step)
        assert(fold.step, is: accumulatorType)
        locals.removeLast(fold.secondVariable == nil ? 1 : 2)
        check(fold.result)
        locals.removeLast()
        node.type = unifier.substitute(fold.result.type)
    }

    private mutating func elementTypes(
        _ range: CELType, _ fold: Expression.Comprehension
    ) -> (first: CELType, second: CELType) {
        let hasTwo = fold.secondVariable != nil
        switch range {
        case .list(let element): return hasTwo ? (.int, element) : (element, .error)
        case .map(let key, let value): return (key, value)
        case .dyn, .error, .parameter:
            _ = unifier.assign(.dyn, to: range)
            return (.dyn, .dyn)
        default:
            issues.report(
                "expression of type '\(range)' cannot be range of a comprehension (must be list, map, or dynamic)",
                at: fold.range.offset)
            return (.error, .error)
        }
    }

    private mutating func assert(_ node: Expression, is type: CELType) {
        if !unifier.assign(type, to: node.type) { mismatch(node.offset, expected: type, found: node.type) }
    }
}
