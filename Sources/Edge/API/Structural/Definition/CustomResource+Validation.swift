public import EdgeJSON

extension CustomResource {
    /// What is wrong with a new object.
    public func validateCreate(_ object: APIObject) -> [FieldError] {
        var errors = FieldErrors()
        errors.checkMetadata(object, isNamespaced: family.isNamespaced, rule: .subdomain)
        let found =
            errors.list + SchemaValidator.errors(in: object.value, schema) + scaleErrors(object)
            + EmbeddedResources.errors(in: object.json, schema) + SchemaLists.errors(in: object.json, schema)
        return found.adding(version.rules, object.value, old: nil)
    }

    /// What is wrong with a replacement; what was wrong before and did not change is let pass.
    public func validateUpdate(_ object: APIObject, old: APIObject) -> [FieldError] {
        var errors = FieldErrors()
        errors.checkMetadataUpdate(object, old: old)
        let found =
            errors.list + SchemaValidator.errors(in: object.value, schema, old: old.value)
            + scaleErrors(object) + EmbeddedResources.errors(in: object.json, schema)
            + newListErrors(object, old)
        return found.adding(version.rules, object.value, old: old.value)
    }

    public func validateStatusUpdate(_ object: APIObject, old: APIObject) -> [FieldError] {
        var errors = FieldErrors()
        errors.checkMetadataUpdate(object, old: old)
        var found = errors.list
        if let status = object["status"], let schema = schema.properties["status"] {
            found += SchemaValidator.errors(in: status, schema, old: old["status"], prefix: "status")
        }
        found += scaleErrors(object).filter { $0.field.hasPrefix(".status") } + newListErrors(object, old)
        return found.adding(version.rules, object.value, old: old.value)
    }

    private func newListErrors(_ object: APIObject, _ old: APIObject) -> [FieldError] {
        let errors = SchemaLists.errors(in: object.json, schema)
        return errors.isEmpty || !SchemaLists.errors(in: old.json, schema).isEmpty ? [] : errors
    }

    private func scaleErrors(_ object: APIObject) -> [FieldError] {
        guard let scale = version.scale else { return [] }
        var errors: [FieldError] = []
        for path in [scale.specReplicas, scale.statusReplicas] {
            guard let value = object.value(at: path), !value.isNull else { continue }
            let field = "." + path.joined(separator: ".")
            guard case .int(let number) = value else {
                errors.append(
                    FieldError(
                        .invalid, field, value: 0,
                        detail:
                            "\(field) accessor error: \(value) is of the type \(value.goType), expected int64"
                    ))
                continue
            }
            if number < 0 {
                errors.append(
                    FieldError(
                        .invalid, field, value: value, detail: "should be a non-negative integer"))
            } else if number > Int32.max {
                errors.append(
                    FieldError(
                        .invalid, field, value: value,
                        detail: "should be less than or equal to \(Int32.max)"))
            }
        }
        return errors
    }
}

extension APIObject {
    /// The value at the end of a path of names.
    public func value(at path: [String]) -> JSONValue? {
        var value: JSONValue? = self.value
        for name in path { value = value?[name] }
        return value
    }

    public mutating func setValue(_ newValue: JSONValue?, at path: [String]) {
        var value = value
        value.set(newValue, at: path[...])
        if case .object(let object) = value { json = object }
    }
}

extension JSONValue {
    /// The Go type of an unstructured value.
    fileprivate var goType: String {
        switch self {
        case .null: "<nil>"
        case .bool: "bool"
        case .int: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }
}
