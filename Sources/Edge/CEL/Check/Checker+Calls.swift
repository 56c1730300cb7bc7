extension Checker {
    mutating func checkCall(
        _ node: Expression, _ name: String, _ target: Expression?, _ arguments: [Expression]
    ) {
        if name == "_?._", arguments.count == 2, case .literal(.string(let field)) = arguments[1].kind {
            node.type = unifier.substitute(selected(node, arguments[0], field, isOptional: true))
            return
        }
        for argument in arguments { check(argument) }
        guard let target else {
            let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
            guard let function = declarations.functions[plain] else { return undeclared(node, name) }
            node.kind = .call(plain, target: nil, arguments: arguments)
            return resolve(node, function, nil, arguments)
        }
        // `a.b.f(x)` is a function of that whole name where there is one.
        if let prefix = target.qualifiedName,
            let function = declarations.functions[(prefix + [name]).joined(separator: ".")]
        {
            node.kind = .call(function.name, target: nil, arguments: arguments)
            return resolve(node, function, nil, arguments)
        }
        check(target)
        guard let function = declarations.functions[name] else { return undeclared(node, name) }
        resolve(node, function, target, arguments)
    }

    private func undeclared(_ node: Expression, _ name: String) {
        node.type = .error
        issues.report("undeclared reference to '\(name)' (in container '')", at: node.offset)
    }

    /// Keeps the overloads that the arguments fit.
    private mutating func resolve(
        _ node: Expression, _ function: CELFunction, _ target: Expression?, _ arguments: [Expression]
    ) {
        let types = ((target.map { [$0] } ?? []) + arguments).map(\.type)
        if function.name == "_&&_" || function.name == "_||_" {
            return checkLogical(node, function, arguments)
        }
        var result: CELType?
        for overload in function.overloads where overload.isMember == (target != nil) {
            let signature = unifier.instantiate([overload.result] + overload.arguments)
            guard unifier.assign(types, to: Array(signature.dropFirst())) else { continue }
            node.overloads.append(overload)
            let found = unifier.substitute(signature[0])
            if let known = result {
                if !known.isDynOrError, found != known { result = .dyn }
            } else {
                result = found
            }
        }
        guard let result else {
            node.type = .error
            let shown = types.map { unifier.substitute($0, unboundToDyn: true).description }
            let signature =
                target == nil
                ? "(\(shown.joined(separator: ", ")))"
                : "\(shown[0]).(\(shown.dropFirst().joined(separator: ", ")))"
            issues.report(
                "found no matching overload for '\(function.name)' applied to '\(signature)'", at: node.offset
            )
            return
        }
        node.type = result
    }

    private mutating func checkLogical(_ node: Expression, _ function: CELFunction, _ arguments: [Expression])
    {
        node.type = .bool
        node.overloads = function.overloads
        for argument in arguments where !unifier.assign(argument.type, to: .bool) {
            mismatch(argument.offset, expected: .bool, found: argument.type)
            node.type = .error
        }
    }
}
