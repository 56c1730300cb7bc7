internal import EdgeJSON

/// Checks the defaults of a schema: they must be known to it and valid by it.
struct DefaultsChecker {
    private(set) var errors: [FieldError] = []

    static func errors(in schema: JSONObject, _ path: FieldPath) -> [FieldError] {
        var checker = DefaultsChecker()
        checker.check(schema, path)
        return checker.errors
    }

    private mutating func check(_ node: JSONObject, _ path: FieldPath) {
        if let value = node["default"], !value.isNull { checkDefault(value, node, path["default"]) }
        if let items = node["items"]?.object { check(items, path["items"]) }
        for member in node["properties"]?.object ?? JSONObject() {
            check(member.value.object ?? JSONObject(), path["properties"][key: member.key])
        }
    }

    private mutating func checkDefault(_ value: JSONValue, _ node: JSONObject, _ path: FieldPath) {
        let schema = StructuralSchema(node)
        var pruner = SchemaPruner()
        var pruned = value
        pruner.pruneValue(&pruned, schema)
        if pruned != value {
            errors.append(
                FieldError(
                    .invalid, path.description, value: value, detail: "must not have unknown fields"))
        }
        errors += SchemaValidator.errors(in: value, schema, prefix: path.description)
    }
}
