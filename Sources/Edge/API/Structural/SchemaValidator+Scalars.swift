internal import EdgeBase
internal import EdgeJSON

/// Texts, numbers and enumerations.
extension SchemaValidator {
    func checkText(_ text: String, _ rules: ValueRules, _ path: String, _ outcome: inout Outcome) {
        let value = JSONValue.string(text)
        outcome.checks += 1
        checkLength(text, rules, path, &outcome)
        if !rules.format.isEmpty, !NamedFormat.matches(text, rules.format) {
            outcome.errors.append(
                FieldError(
                    .typeInvalid, field(path), value: value,
                    detail: "\(path) in body must be of type \(rules.format): \(text.goQuoted)"))
        }
    }

    /// Of length and pattern only the first failure is told.
    private func checkLength(
        _ text: String, _ rules: ValueRules, _ path: String, _ outcome: inout Outcome
    ) {
        if rules.maxLength != nil || rules.minLength != nil {
            let count = text.unicodeScalars.count
            if let most = rules.maxLength, count > most {
                outcome.errors.append(
                    FieldError(
                        .tooLong, field(path),
                        detail: "may not be more than \(most) \(most == 1 ? "byte" : "bytes")"))
                return
            }
            if let least = rules.minLength, count < least {
                fail(&outcome, path, .string(text), "should be at least \(least) chars long")
                return
            }
        }
        if let matcher = rules.matcher, !matcher.matches(text) {
            fail(&outcome, path, .string(text), "should match '\(rules.pattern)'")
        }
    }

    func checkNumber(
        _ value: JSONValue, _ rules: ValueRules, _ schema: StructuralSchema, _ path: String,
        _ outcome: inout Outcome
    ) {
        guard let number = value.double else { return }
        outcome.checks += 1
        if rules.format == "int32", let whole = value.int, Int32(exactly: whole) == nil {
            outcome.errors.append(
                FieldError(
                    .invalid, field(path), value: value,
                    detail: "Checked value must be of type integer with format int32 in \(path)"))
            return
        }
        if let factor = rules.multipleOf, !Self.isMultiple(value, of: factor) {
            fail(&outcome, path, value, "should be a multiple of \(Self.text(factor))")
        }
        if let most = rules.maximum {
            let isExclusive = rules.isMaximumExclusive
            if isExclusive ? number >= most : number > most {
                let relation = isExclusive ? "less than" : "less than or equal to"
                fail(&outcome, path, value, "should be \(relation) \(Self.text(most))")
            }
        }
        if let least = rules.minimum {
            let isExclusive = rules.isMinimumExclusive
            if isExclusive ? number <= least : number < least {
                let relation = isExclusive ? "greater than" : "greater than or equal to"
                fail(&outcome, path, value, "should be \(relation) \(Self.text(least))")
            }
        }
    }

    private static func isMultiple(_ value: JSONValue, of factor: Double) -> Bool {
        guard factor > 0 else { return false }
        if let whole = value.int, let factor = Int64(exactly: factor) {
            return whole.quotientAndRemainder(dividingBy: factor).remainder == 0
        }
        guard let number = value.double else { return false }
        let quotient = factor < 1 ? 1 / factor * number : number / factor
        return abs(quotient - quotient.rounded()) < 1e-9 * max(1, abs(quotient))
    }

    /// A limit as Go prints it: `10`, `0.5`.
    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? JSONValue.double(number).description
    }

    func checkEnum(
        _ value: JSONValue, _ schema: StructuralSchema, _ path: String, _ outcome: inout Outcome
    ) {
        guard let allowed = schema.rules?.allowed, !allowed.isEmpty else { return }
        outcome.checks += 1
        if !value.isNull, allowed.contains(where: { Self.isSame($0, value) }) { return }
        let list = allowed.map { $0.string ?? $0.description }.map(\.goQuoted).joined(separator: ", ")
        outcome.errors.append(
            FieldError(.notSupported, field(path), value: value, detail: "supported values: " + list))
    }

    /// Whole numbers are the same however they are written.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        if case .string = left { return false }
        guard let left = left.double, let right = right.double else { return false }
        return left == right
    }
}
