internal import EdgeBase
internal import EdgeJSON

/// Checks that a schema is structural: that what it says about the structure of objects stands in one place,
/// apart from what it says about values, so that objects can be pruned and defaulted by it. The rules and
/// their words are those of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema`.
struct StructuralChecker {
    private(set) var errors = FieldErrors()

    private enum Level {
        case root, item, field
    }

    /// What is wrong with a whole version's schema, sorted as Kubernetes sorts it.
    static func errors(in schema: JSONObject, _ path: FieldPath) -> [FieldError] {
        var checker = StructuralChecker()
        checker.checkNode(schema, .root, path)
        checker.checkCompleteness(ofValuesIn: schema, schema, path, path)
        return checker.errors.list.sorted { $0.description < $1.description }
    }

    // MARK: Structure

    private mutating func checkNode(_ schema: JSONObject, _ level: Level, _ path: FieldPath) {
        let type = schema["type"].text
        if type == "array", schema["items"] == nil { errors.required(path["items"], "must be specified") }
        if let items = schema["items"]?.object { checkNode(items, .item, path["items"]) }
        for member in schema["properties"]?.object ?? JSONObject() {
            checkNode(member.value.object ?? JSONObject(), .field, path["properties"][key: member.key])
        }
        if let additional = schema["additionalProperties"] {
            let path = path["additionalProperties"]
            if level == .root { errors.forbidden(path, "must not be used at the root") }
            if let inner = additional.object { checkNode(inner, .field, path) }
        }
        checkExtensions(schema, path)
        checkValues(
            schema, path, skipsAnyOf: Self.isIntOrString(schema["anyOf"]),
            skipsFirstAllOf: Self.isIntOrString(schema["allOf"]?.array?.first?["anyOf"]))
        checkType(type, schema, level, path)
        checkMetadata(schema, level, path)
    }

    private mutating func checkType(
        _ type: String, _ schema: JSONObject, _ level: Level, _ path: FieldPath
    ) {
        let isEmbedded = schema["x-kubernetes-embedded-resource"].flag
        let keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"].flag
        if isEmbedded, type != "object" {
            let cause = "must be object if x-kubernetes-embedded-resource is true"
            if type.isEmpty {
                errors.required(path["type"], cause)
            } else {
                errors.invalid(path["type"], type, cause)
            }
        } else if type.isEmpty, !schema["x-kubernetes-int-or-string"].flag, !keepsUnknown {
            let place =
                switch level {
                case .root: "at the root"
                case .item: "for specified array items"
                case .field: "for specified object fields"
                }
            errors.required(path["type"], "must not be empty \(place)")
        }
        if isEmbedded, schema["additionalProperties"] != nil {
            errors.forbidden(
                path["additionalProperties"],
                "must not be used if x-kubernetes-embedded-resource is set")
        }
        if level == .root, !type.isEmpty, type != "object" {
            errors.invalid(path["type"], type, "must be object at the root")
        }
        if isEmbedded, !keepsUnknown, schema["properties"]?.object?.isEmpty ?? true {
            errors.required(
                path["properties"],
                "must not be empty if x-kubernetes-embedded-resource is true without "
                    + "x-kubernetes-preserve-unknown-fields")
        }
    }

    private mutating func checkExtensions(_ schema: JSONObject, _ path: FieldPath) {
        guard schema["x-kubernetes-int-or-string"].flag else { return }
        for key in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]
        where schema[key].flag {
            errors.invalid(path[key], true, "must be false if x-kubernetes-int-or-string is true")
        }
    }

    /// Of its metadata a schema may restrict the name and generateName only.
    private mutating func checkMetadata(_ schema: JSONObject, _ level: Level, _ path: FieldPath) {
        let properties = schema["properties"]?.object ?? JSONObject()
        let isWhole = level == .root || schema["x-kubernetes-embedded-resource"].flag
        for key in ["kind", "apiVersion"] where isWhole {
            guard let property = properties[key], property["type"].text != "string" else { continue }
            errors.invalid(
                path["properties"][key: key]["type"], property["type"].text, "must be string")
        }
        guard let metadata = properties["metadata"]?.object else { return }
        let place = path["properties"][key: "metadata"]
        if isWhole, metadata["type"].text != "object" {
            errors.invalid(place["type"], metadata["type"].text, "must be object")
        }
        guard level == .root else { return }
        var names = Set((metadata["properties"]?.object ?? JSONObject()).map(\.key))
        names.subtract(["name", "generateName"])
        let others = metadata.contains {
            !["type", "properties", "default"].contains($0.key) && !$0.value.isZeroScalar
        }
        if !names.isEmpty || others {
            errors.forbidden(
                place,
                "must not specify anything other than name and generateName, but metadata is implicitly specified"
            )
        }
    }

    /// `[{type: integer}, {type: string}]`, which may stand beside `x-kubernetes-int-or-string`.
    private static func isIntOrString(_ value: JSONValue?) -> Bool {
        value == [["type": "integer"], ["type": "string"]]
    }

    // MARK: Values

    private mutating func checkValues(
        _ schema: JSONObject, _ path: FieldPath, skipsAnyOf: Bool = false, skipsFirstAllOf: Bool = false
    ) {
        for key in ["anyOf", "allOf", "oneOf"] where !(key == "anyOf" && skipsAnyOf) {
            for (index, branch) in (schema[key]?.array ?? []).enumerated() {
                checkBranch(
                    branch.object ?? JSONObject(), path[key][index],
                    skipsAnyOf: key == "allOf" && index == 0 && skipsFirstAllOf)
            }
        }
        if let not = schema["not"]?.object { checkBranch(not, path["not"]) }
        let pattern = schema["pattern"].text
        if !pattern.isEmpty {
            do throws(RegularExpressionError) { _ = try RegularExpression(pattern) } catch {
                errors.invalid(
                    path["pattern"], pattern, "must be a valid regular expression, but isn't: \(error)")
            }
        }
    }

    private static let emptyInBranches = [
        "type", "title", "description", "x-kubernetes-list-map-keys", "x-kubernetes-validations",
    ]
    private static let falseInBranches = [
        "nullable", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
    ]
    private static let undefinedInBranches = [
        "additionalProperties", "default", "x-kubernetes-list-type", "x-kubernetes-map-type",
    ]

    /// A branch of anyOf and its like says something about values and nothing about structure.
    private mutating func checkBranch(_ schema: JSONObject, _ path: FieldPath, skipsAnyOf: Bool = false) {
        checkValues(schema, path, skipsAnyOf: skipsAnyOf)
        if let items = schema["items"]?.object { checkBranch(items, path["items"]) }
        for member in schema["properties"]?.object ?? JSONObject() {
            checkBranch(member.value.object ?? JSONObject(), path["properties"][key: member.key])
        }
        for key in Self.emptyInBranches {
            let isEmpty = schema[key].map { $0 == "" || $0 == [] || $0.isNull } ?? true
            if !isEmpty { errors.forbidden(path[key], "must be empty to be structural") }
        }
        for key in Self.falseInBranches where schema[key].flag {
            errors.forbidden(path[key], "must be false to be structural")
        }
        for key in Self.undefinedInBranches where schema[key] != nil && schema[key] != .bool(false) {
            errors.forbidden(path[key], "must be undefined to be structural")
        }
        if schema["properties"]?["metadata"] != nil {
            errors.forbidden(
                path["properties"][key: "metadata"], "must not be specified in a nested context")
        }
    }

    // MARK: Completeness

    /// What a branch says something about must be known to the structure.
    private mutating func checkCompleteness(
        ofValuesIn branch: JSONObject, _ schema: JSONObject, _ path: FieldPath, _ place: FieldPath
    ) {
        if let not = branch["not"]?.object { checkCompleteness(of: not, schema, path, place["not"]) }
        for key in ["allOf", "anyOf", "oneOf"] {
            for (index, inner) in (branch[key]?.array ?? []).enumerated() {
                checkCompleteness(of: inner.object ?? JSONObject(), schema, path, place[key][index])
            }
        }
    }

    private mutating func checkCompleteness(
        of branch: JSONObject, _ schema: JSONObject?, _ path: FieldPath, _ place: FieldPath
    ) {
        guard let schema else {
            errors.required(path, "because it is defined in \(place)")
            return
        }
        checkCompleteness(ofValuesIn: branch, schema, path, place)
        if let items = branch["items"]?.object {
            checkCompleteness(of: items, schema["items"]?.object, path["items"], place["items"])
        }
        for member in branch["properties"]?.object ?? JSONObject() {
            let inner = place["properties"][key: member.key]
            checkCompleteness(
                of: member.value.object ?? JSONObject(), schema["properties"]?[member.key]?.object,
                path["properties"][key: member.key], inner)
        }
    }
}
