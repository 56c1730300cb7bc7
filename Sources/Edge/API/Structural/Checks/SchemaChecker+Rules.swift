internal import EdgeJSON

/// `x-kubernetes-validations` but for their expressions.
extension SchemaChecker {
    private static let reasons = [
        "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired",
    ]

    mutating func checkRules(_ schema: JSONObject, _ path: FieldPath) {
        for (index, rule) in (schema["x-kubernetes-validations"]?.array ?? []).enumerated() {
            let path = path["x-kubernetes-validations"][index]
            checkTexts(rule, path)
            if let expression = rule["messageExpression"]?.string, !expression.isEmpty,
                Self.isBlank(expression)
            {
                errors.required(
                    path["messageExpression"], "messageExpression must be non-empty if specified")
            }
            if let reason = rule["reason"]?.string, !Self.reasons.contains(reason) {
                errors.notSupported(path["reason"], reason, Self.reasons)
            }
            let field = rule["fieldPath"].text
            if !field.isEmpty { checkFieldPath(field, schema, path["fieldPath"]) }
        }
    }

    private mutating func checkTexts(_ rule: JSONValue, _ path: FieldPath) {
        let text = rule["rule"].text
        let message = rule["message"].text
        if Self.isBlank(text) {
            errors.required(path["rule"], "rule is not specified")
        } else if !message.isEmpty, Self.isBlank(message) {
            errors.invalid(path["message"], message, "message must be non-empty if specified")
        } else if Self.hasLineBreak(message) {
            errors.invalid(path["message"], message, "message must not contain line breaks")
        } else if Self.hasLineBreak(text), Self.isBlank(message) {
            errors.required(path["message"], "message must be specified if rule contains line breaks")
        }
    }

    private mutating func checkFieldPath(_ field: String, _ schema: JSONObject, _ path: FieldPath) {
        if Self.isBlank(field) {
            errors.invalid(path, field, "fieldPath must be non-empty if specified")
        }
        if field.contains(where: \.isNewline) {
            errors.invalid(path, field, "fieldPath must not contain line breaks")
        }
        if RuleFieldPath(field, in: schema) == nil {
            errors.invalid(path, field, "fieldPath must be a valid path")
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private static func hasLineBreak(_ text: String) -> Bool {
        let core = text.drop(while: \.isWhitespace)
        guard let last = core.lastIndex(where: { !$0.isWhitespace }) else { return false }
        return core[...last].contains(where: \.isNewline)
    }
}
