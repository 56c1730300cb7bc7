internal import EdgeJSON

/// Checks a schema for what CustomResourceDefinitions may not have, beyond being structural.
struct SchemaChecker {
    var errors = FieldErrors()

    /// Why defaults may not stand here; nil where they may.
    private struct Context {
        var forbidsDefaults: String?
        var isInMetadata = false
    }

    static func errors(in schema: JSONObject, _ path: FieldPath) -> [FieldError] {
        var checker = SchemaChecker()
        checker.check(schema, path, Context(), isRoot: true)
        return checker.errors.list
    }

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    private mutating func check(
        _ schema: JSONObject, _ path: FieldPath, _ context: Context, isRoot: Bool = false
    ) {
        checkStandard(schema, path, context)
        if schema["uniqueItems"].flag {
            errors.forbidden(
                path["uniqueItems"],
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
        }
        checkChildren(schema, path, context, isRoot: isRoot)
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            errors.invalid(
                path["x-kubernetes-preserve-unknown-fields"], false, "must be true or undefined")
        }
        checkMapType(schema, path)
        checkListType(schema, path)
        checkListMap(schema, path)
        checkRules(schema, path)
    }

    private mutating func checkChildren(
        _ schema: JSONObject, _ path: FieldPath, _ context: Context, isRoot: Bool
    ) {
        let properties = schema["properties"]?.object ?? JSONObject()
        if let additional = schema["additionalProperties"] {
            if !properties.isEmpty, additional != true {
                errors.forbidden(
                    path["additionalProperties"],
                    "additionalProperties and properties are mutual exclusive")
            }
            var inner = context
            if context.isInMetadata {
                inner.forbidsDefaults = "inside additionalProperties applying to object metadata"
            }
            if let child = additional.object { check(child, path["additionalProperties"], inner) }
        }
        let isWhole = isRoot || schema["x-kubernetes-embedded-resource"].flag
        for member in properties {
            var inner = context
            if isWhole, ["metadata", "kind", "apiVersion"].contains(member.key) {
                inner.isInMetadata = true
                if isRoot { inner.forbidsDefaults = "in top-level \(member.key)" }
            }
            check(member.value.object ?? JSONObject(), path["properties"][key: member.key], inner)
        }
        if let not = schema["not"]?.object { check(not, path["not"], context) }
        for key in ["allOf", "oneOf", "anyOf"] {
            for (index, branch) in (schema[key]?.array ?? []).enumerated() {
                check(branch.object ?? JSONObject(), path[key][index], context)
            }
        }
        if let items = schema["items"]?.object { check(items, path["items"], context) }
    }

    private mutating func checkStandard(_ schema: JSONObject, _ path: FieldPath, _ context: Context) {
        let type = schema["type"].text
        if !type.isEmpty, !Self.types.contains(type) { errors.notSupported(path["type"], type, Self.types) }
        if schema["default"] != nil, let reason = context.forbidsDefaults {
            errors.forbidden(path["default"], "must not be set \(reason)")
        }
        for key in ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]
        where schema[key] != nil {
            errors.forbidden(path[key], "\(key) is not supported")
        }
        if type == "null" {
            errors.forbidden(path["type"], "type cannot be set to null, use nullable as an alternative")
        }
        if case .array? = schema["items"] {
            errors.forbidden(path["items"], "items must be a schema object and not an array")
        }
        if context.isInMetadata, schema["x-kubernetes-embedded-resource"].flag {
            errors.forbidden(
                path["x-kubernetes-embedded-resource"], "must not be used inside of resource meta")
        }
    }

    // MARK: Maps and lists

    private mutating func checkMapType(_ schema: JSONObject, _ path: FieldPath) {
        guard let kind = schema["x-kubernetes-map-type"]?.string else { return }
        let type = schema["type"].text
        if type != "object" {
            let cause = "must be object if x-kubernetes-map-type is specified"
            if type.isEmpty {
                errors.required(path["type"], cause)
            } else {
                errors.invalid(path["type"], type, cause)
            }
        }
        if kind != "atomic", kind != "granular" {
            errors.notSupported(path["x-kubernetes-map-type"], kind, ["atomic", "granular"])
        }
    }

    private mutating func checkListType(_ schema: JSONObject, _ path: FieldPath) {
        guard let kind = schema["x-kubernetes-list-type"]?.string else { return }
        let type = schema["type"].text
        if type != "array" {
            let cause = "must be array if x-kubernetes-list-type is specified"
            if type.isEmpty {
                errors.required(path["type"], cause)
            } else {
                errors.invalid(path["type"], type, cause)
            }
        } else if kind == "set", let items = schema["items"]?.object {
            let cause = "must be atomic as item of a list with x-kubernetes-list-type=set"
            let inner = items["x-kubernetes-list-type"]
            if items["type"].text == "array", let inner, inner != "atomic" {
                errors.invalid(path["items"]["x-kubernetes-list-type"], inner, cause)
            }
            if items["type"].text == "object", items["x-kubernetes-map-type"] != "atomic" {
                errors.invalid(path["items"]["x-kubernetes-map-type"], inner ?? .null, cause)
            }
        }
        if !["atomic", "set", "map"].contains(kind) {
            errors.notSupported(path["x-kubernetes-list-type"], kind, ["atomic", "set", "map"])
        }
        if kind == "set" || kind == "map", schema["items"]?["nullable"].flag == true {
            errors.forbidden(
                path["items"]["nullable"], "cannot be nullable when x-kubernetes-list-type is \(kind)")
        }
    }

    private mutating func checkListMap(_ schema: JSONObject, _ path: FieldPath) {
        let keys = schema["x-kubernetes-list-map-keys"].strings
        let kind = schema["x-kubernetes-list-type"]?.string
        if !keys.isEmpty, kind != "map" {
            let cause = "must be map if x-kubernetes-list-map-keys is non-empty"
            if let kind {
                errors.invalid(path["x-kubernetes-list-type"], kind, cause)
            } else {
                errors.required(path["x-kubernetes-list-type"], cause)
            }
        }
        guard kind == "map" else { return }
        if keys.isEmpty {
            errors.required(
                path["x-kubernetes-list-map-keys"], "must not be empty if x-kubernetes-list-type is map")
        }
        guard let items = schema["items"]?.object else {
            errors.required(path["items"], "must have a schema if x-kubernetes-list-type is map")
            return
        }
        guard items["type"].text == "object" else {
            errors.invalid(
                path["items"]["type"], items["type"].text,
                "must be object if parent array's x-kubernetes-list-type is map")
            return
        }
        checkKeys(keys, items, path)
    }

    private mutating func checkKeys(_ keys: [String], _ items: JSONObject, _ path: FieldPath) {
        let required = items["required"].strings
        let list = JSONValue.array(keys.map(JSONValue.string))
        for (index, key) in keys.enumerated() {
            let place = path["items"]["properties"][key: key]
            if keys[..<index].contains(key) {
                errors.invalid(
                    path["x-kubernetes-list-map-keys"], list, "must not contain duplicate entries")
            }
            guard let property = items["properties"]?[key] else {
                errors.invalid(
                    path["x-kubernetes-list-map-keys"], list, "entries must all be names of item properties")
                continue
            }
            if ["array", "object"].contains(property["type"].text) {
                errors.invalid(
                    place["type"], items["type"].text,
                    "must be a scalar type if parent array's x-kubernetes-list-type is map")
            }
            if !required.contains(key), property["default"] == nil {
                errors.required(
                    place["default"],
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                )
            }
            if property["nullable"].flag {
                errors.forbidden(
                    place["nullable"],
                    "this property is in x-kubernetes-list-map-keys, so it cannot be nullable")
            }
        }
    }
}
