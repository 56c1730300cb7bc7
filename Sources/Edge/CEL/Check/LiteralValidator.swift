internal import EdgeBase

/// The checks that Kubernetes runs behind the type checker: literals that can never be valid, and lists and
/// maps of mixed types.
struct LiteralValidator {
    let issues: IssueLog

    func validate(_ node: Expression, inFormat: Bool = false) {
        var inFormat = inFormat
        switch node.kind {
        case .call(let name, let target, let arguments):
            if name == "format", target != nil {
                inFormat = true
                validateFormat(node, target, arguments)
            }
            validateCall(name, target, arguments)
        case .list(let elements, let optional) where !inFormat:
            var expected: CELType?
            for (index, element) in elements.enumerated() {
                let type = optional.contains(index) ? element.type.unwrapped.type : element.type
                guard let wanted = expected else {
                    expected = type
                    continue
                }
                if wanted != type {
                    mismatch(element, wanted, type)
                    break
                }
            }
        case .map(let entries) where !inFormat: validateMap(entries)
        default: break
        }
        for child in node.children { validate(child, inFormat: inFormat) }
    }

    private func validateMap(_ entries: [Expression.Entry]) {
        guard let first = entries.first else { return }
        let key = first.key.type
        let value = first.isOptional ? first.value.type.unwrapped.type : first.value.type
        for entry in entries.dropFirst() {
            let found = entry.isOptional ? entry.value.type.unwrapped.type : entry.value.type
            if entry.key.type != key { mismatch(entry.key, key, entry.key.type) }
            if found != value { mismatch(entry.value, value, found) }
        }
    }

    private func mismatch(_ node: Expression, _ expected: CELType, _ found: CELType) {
        issues.report("expected type '\(expected)' but found '\(found)'", at: node.offset)
    }

    private func validateCall(_ name: String, _ target: Expression?, _ arguments: [Expression]) {
        guard let argument = arguments.first, case .literal(.string(let text)) = argument.kind else { return }
        let isValid: Bool
        switch (name, arguments.count) {
        case ("duration", 1): isValid = CELDuration(goText: text) != nil
        case ("timestamp", 1): isValid = CELTimestamp(rfc3339: text) != nil
        case ("matches", 1):
            do throws(RegularExpressionError) {
                _ = try RegularExpression(text)
                isValid = true
            } catch { isValid = false }
        default: return
        }
        if !isValid { issues.report("invalid \(name) argument", at: argument.offset) }
    }

    /// The clauses of a literal format against a literal list of arguments.
    private func validateFormat(_ node: Expression, _ target: Expression?, _ arguments: [Expression]) {
        guard let target, case .literal(.string(let format)) = target.kind, let list = arguments.first,
            case .list(let elements, _) = list.kind
        else { return }
        do throws(CELEvaluationError) {
            let clauses = try StringFormat.clauses(of: format)
            if clauses > elements.count {
                issues.report("index \(elements.count) out of range", at: node.offset)
            } else if clauses < elements.count {
                issues.report(
                    "too many arguments supplied to string.format (expected \(clauses), got \(elements.count))",
                    at: node.offset)
            }
        } catch { issues.report(error.message, at: node.offset) }
    }
}
