public import EdgeJSON

/// Validates values by a schema, in the words of Kubernetes' OpenAPI validation.
///
/// On updates what did not change is not complained about again (ratcheting): a value that equals the one
/// which stood in its place before is taken as it is. Elements of lists have such a place only in lists of
/// type map.
public struct SchemaValidator {
    /// What is wrong, and how much was looked at: of several alternatives the one that came furthest
    /// explains best.
    struct Outcome {
        var errors: [FieldError] = []
        var checks = 0

        var isValid: Bool { errors.isEmpty }

        mutating func merge(_ other: Outcome) {
            errors += other.errors
            checks += other.checks
        }
    }

    /// Stands in front of the fields of errors, as `status` for the status subresource.
    let prefix: String

    /// - Parameters:
    ///   - value: pruned and defaulted.
    ///   - old: what was there before, for an update.
    public static func errors(
        in value: JSONValue, _ schema: StructuralSchema, old: JSONValue? = nil, prefix: String = ""
    ) -> [FieldError] {
        SchemaValidator(prefix: prefix).validate(value, schema, "", old).errors
    }

    func validate(
        _ value: JSONValue, _ schema: StructuralSchema, _ path: String, _ old: JSONValue?
    ) -> Outcome {
        if let old, old == value { return Outcome() }
        var outcome = Outcome()
        outcome.merge(checkType(value, schema, path))
        guard !value.isNull else {
            checkEnum(value, schema, path, &outcome)
            return outcome
        }
        if let rules = schema.rules {
            outcome.merge(checkAlternatives(value, rules, path))
            switch value {
            case .string(let text): checkText(text, rules, path, &outcome)
            case .int, .double: checkNumber(value, rules, schema, path, &outcome)
            default: break
            }
        }
        if case .array(let elements) = value {
            checkElements(elements, schema, path, old?.array, &outcome)
        }
        checkEnum(value, schema, path, &outcome)
        if case .object(let object) = value {
            checkMembers(object, schema, path, old?.object, &outcome)
        }
        outcome.checks += 1
        return outcome
    }

    // MARK: Type

    private func checkType(_ value: JSONValue, _ schema: StructuralSchema, _ path: String) -> Outcome {
        let expected =
            schema.isIntOrString ? ["integer", "string"] : schema.type.isEmpty ? [] : [schema.type]
        let format = schema.rules?.format ?? ""
        var outcome = Outcome()
        guard !expected.isEmpty || !format.isEmpty else { return outcome }
        outcome.checks = 1
        if value.isNull {
            if !expected.isEmpty, !schema.isNullable {
                outcome.errors.append(typeError(path, expected.joined(separator: ","), "null"))
            }
            return outcome
        }
        let found = value.schemaType
        let isWhole = found == "number" && value.int != nil && expected.contains("integer")
        let isNumber = found == "integer" && expected.contains("number")
        let isMatch = expected.contains(found) || isWhole || isNumber
        if found == "string" || found == "array" {
            // The format speaks for itself.
            if !format.isEmpty, !expected.contains("number"), !expected.contains("integer") { return outcome }
        } else if !format.isEmpty, !isMatch {
            let foundFormat = found == "integer" ? "int64" : found == "number" ? "float64" : ""
            if format != foundFormat { outcome.errors.append(typeError(path, format, foundFormat)) }
            return outcome
        }
        if !isMatch { outcome.errors.append(typeError(path, expected.joined(separator: ","), found)) }
        return outcome
    }

    private func typeError(_ path: String, _ expected: String, _ found: String) -> FieldError {
        FieldError(
            .typeInvalid, field(path), value: .string(found),
            detail: "\(path) in body must be of type \(expected): \(found.goQuoted)")
    }

    // MARK: Members and elements

    private func checkMembers(
        _ object: JSONObject, _ schema: StructuralSchema, _ path: String, _ old: JSONObject?,
        _ outcome: inout Outcome
    ) {
        outcome.checks += 1
        let count = object.count
        if let least = schema.rules?.minProperties, count < least {
            fail(&outcome, path, .int(Int64(count)), "should have at least \(least) properties")
        }
        if let most = schema.rules?.maxProperties, count > most {
            outcome.errors.append(Self.tooMany(field(path), count, most))
        }
        for member in object.members {
            let inner: StructuralSchema
            if let property = schema.properties[member.key] {
                inner = property
            } else {
                switch schema.additional {
                case .allowed(false)?:
                    let message = "\(path).\(member.key) in body is a forbidden property"
                    outcome.errors.append(
                        FieldError(.invalid, field(path), value: "", detail: message))
                    continue
                case .schema(let additional)?: inner = additional
                default: continue
                }
            }
            let name = path.isEmpty ? member.key : "\(path).\(member.key)"
            outcome.merge(validate(member.value, inner, name, old?[member.key]))
        }
        for name in schema.rules?.required ?? [] where object[name] == nil {
            outcome.errors.append(
                FieldError(.required, field(path.isEmpty ? name : "\(path).\(name)"), value: ""))
        }
    }

    private func checkElements(
        _ elements: [JSONValue], _ schema: StructuralSchema, _ path: String, _ old: [JSONValue]?,
        _ outcome: inout Outcome
    ) {
        outcome.checks += 1
        if let items = schema.items {
            for (index, element) in elements.enumerated() {
                let before = old.flatMap { counterpart(of: element, in: $0, schema) }
                outcome.merge(validate(element, items, "\(path)[\(index)]", before))
            }
        }
        let count = elements.count
        if let least = schema.rules?.minItems, count < least {
            fail(&outcome, path, .int(Int64(count)), "should have at least \(least) items")
        }
        if let most = schema.rules?.maxItems, count > most {
            outcome.errors.append(Self.tooMany(field(path), count, most))
        }
    }

    /// The element with the same keys; lists of other types have none.
    private func counterpart(
        of element: JSONValue, in old: [JSONValue], _ schema: StructuralSchema
    ) -> JSONValue? {
        guard schema.listType == .map, !schema.listMapKeys.isEmpty else { return nil }
        return old.first { other in schema.listMapKeys.allSatisfy { other[$0] == element[$0] } }
    }

    private static func tooMany(_ field: String, _ count: Int, _ most: Int) -> FieldError {
        FieldError(
            .tooMany, field, value: .int(Int64(count)),
            detail: "must have at most \(most) \(most == 1 ? "item" : "items")")
    }

    // MARK: Alternatives

    private func checkAlternatives(_ value: JSONValue, _ rules: ValueRules, _ path: String) -> Outcome {
        var outcome = Outcome()
        if !rules.anyOf.isEmpty {
            let results = rules.anyOf.lazy.map { validate(value, $0, path, nil) }
            if let first = results.first(where: \.isValid) {
                outcome.merge(first)
            } else {
                unite(&outcome, path, "must validate at least one schema (anyOf)")
                if let best = Self.best(rules.anyOf.map { validate(value, $0, path, nil) }) {
                    outcome.merge(best)
                }
            }
        }
        if !rules.oneOf.isEmpty {
            let results = rules.oneOf.map { validate(value, $0, path, nil) }
            let valid = results.filter(\.isValid)
            if valid.count == 1 {
                outcome.merge(valid[0])
            } else {
                let found = valid.isEmpty ? "Found none valid" : "Found \(valid.count) valid alternatives"
                unite(&outcome, path, "must validate one and only one schema (oneOf). \(found)")
                if valid.isEmpty, let best = Self.best(results) { outcome.merge(best) }
            }
        }
        if !rules.allOf.isEmpty {
            let results = rules.allOf.map { validate(value, $0, path, nil) }
            for result in results { outcome.merge(result) }
            let valid = results.count { $0.isValid }
            if valid != results.count {
                unite(
                    &outcome, path,
                    "must validate all the schemas (allOf)\(valid == 0 ? ". None validated" : "")")
            }
        }
        if let not = rules.not, validate(value, not, path, nil).isValid {
            unite(&outcome, path, "must not validate the schema (not)")
        }
        outcome.checks += 1
        return outcome
    }

    private static func best(_ results: [Outcome]) -> Outcome? {
        results.reduce(nil) { best, next in best.map { next.checks > $0.checks ? next : $0 } ?? next }
    }

    /// Kubernetes names no field in errors about alternatives.
    private func unite(_ outcome: inout Outcome, _ path: String, _ cause: String) {
        outcome.errors.append(
            FieldError(
                .invalid, prefix.isEmpty ? "<nil>" : prefix, value: "", detail: "\(path.goQuoted) \(cause)"))
    }

    // MARK: Errors

    func field(_ path: String) -> String {
        if prefix.isEmpty { return path.isEmpty ? "<nil>" : path }
        if path.isEmpty { return prefix }
        return path.hasPrefix("[") ? prefix + path : "\(prefix).\(path)"
    }

    func fail(_ outcome: inout Outcome, _ path: String, _ value: JSONValue, _ cause: String) {
        outcome.errors.append(
            FieldError(.invalid, field(path), value: value, detail: "\(path) in body \(cause)"))
    }
}

extension JSONValue {
    /// The name that JSON schema gives to the type.
    var schemaType: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
