internal import EdgeJSON

extension DefinitionChecker {
    mutating func checkVersions() {
        let versions = definition.versions
        let place = path["versions"]
        for (index, version) in versions.enumerated() where version.schema == nil {
            errors.required(place[index]["schema"]["openAPIV3Schema"])
        }
        var names: Set<String> = []
        var isUnique = true
        for (index, version) in versions.enumerated() {
            isUnique = names.insert(version.name).inserted && isUnique
            let messages = Names.rfc1035Label(version.name)
            if !messages.isEmpty {
                errors.invalid(place[index]["name"], version.name, messages.joined(separator: ","))
            }
            checkDeprecation(version, place[index])
        }
        let list = definition.object[path: "spec", "versions"] ?? .null
        if !isUnique { errors.invalid(place, list, "must contain unique version names") }
        if versions.count(where: \.isStorage) != 1 {
            errors.invalid(place, list, "must have exactly one version marked as storage version")
        }
        checkSchemas(versions)
        checkEach(versions, "subresources") { checker, version, path in
            checker.checkScale(version.scale, path["scale"])
        }
        checkEach(versions, "additionalPrinterColumns") { checker, version, path in
            for (index, column) in version.columns.enumerated() {
                checker.checkColumn(column, path[index])
            }
        }
        checkEach(versions, "selectableFields") { checker, version, path in
            checker.checkSelectableFields(version, path)
        }
    }

    /// Kubernetes takes what all versions have alike as a property of the whole definition, and says so in
    /// the paths of its errors.
    private mutating func checkEach(
        _ versions: [CustomResourceVersion], _ key: String,
        _ check: (inout DefinitionChecker, CustomResourceVersion, FieldPath) -> Void
    ) {
        guard let first = versions.first else { return }
        if versions.allSatisfy({ $0.json[key] == first.json[key] }) {
            check(&self, first, path[key])
        } else {
            for (index, version) in versions.enumerated() {
                check(&self, version, path["versions"][index][key])
            }
        }
    }

    private mutating func checkSchemas(_ versions: [CustomResourceVersion]) {
        guard let first = versions.first else { return }
        if versions.allSatisfy({ $0.json["schema"] == first.json["schema"] }) {
            let hasStatus = versions.contains(where: \.hasStatus)
            checkSchema(first.schema, path["validation"]["openAPIV3Schema"], hasStatus: hasStatus)
        } else {
            for (index, version) in versions.enumerated() {
                checkSchema(
                    version.schema, path["versions"][index]["schema"]["openAPIV3Schema"],
                    hasStatus: version.hasStatus)
            }
        }
    }

    private static let allowedAtRoot: Set<String> = [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum",
        "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
        "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ]

    private mutating func checkSchema(_ schema: JSONObject?, _ path: FieldPath, hasStatus: Bool) {
        guard let schema else { return }
        if hasStatus {
            for member in schema where !member.value.isZeroScalar && !member.value.isNull {
                if member.key == "type" {
                    if member.value == "object" { continue }
                    errors.invalid(
                        path["type"], member.value,
                        "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"
                    )
                } else if !Self.allowedAtRoot.contains(member.key) {
                    errors.invalid(
                        path, member.key,
                        "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled"
                    )
                }
            }
        }
        if schema["nullable"].flag {
            errors.forbidden(path["nullable"], "nullable cannot be true at the root")
        }
        let structural = StructuralChecker.errors(in: schema, path)
        for error in structural { errors.append(error) }
        if structural.isEmpty {
            for error in DefaultsChecker.errors(in: schema, path) { errors.append(error) }
        }
        for error in SchemaChecker.errors(in: schema, path) { errors.append(error) }
    }

    private mutating func checkDeprecation(_ version: CustomResourceVersion, _ path: FieldPath) {
        guard let warning = version.deprecationWarning else { return }
        let place = path["deprecationWarning"]
        if !version.isDeprecated {
            errors.invalid(place, warning, "can only be set for deprecated versions")
            return
        }
        if warning.utf8.count > 256 { errors.invalid(place, warning, "must be <= 256 characters long") }
        if warning.isEmpty { errors.invalid(place, warning, "must not be an empty string") }
        let odd = warning.unicodeScalars.enumerated().first {
            $0.element.properties.generalCategory == .control
        }
        if let odd {
            errors.invalid(
                place, warning,
                "must only contain printable UTF-8 characters; non-printable character found at index \(odd.offset)"
            )
        }
    }

    // MARK: Subresources, columns, fields

    private mutating func checkScale(_ scale: JSONValue?, _ path: FieldPath) {
        guard let scale else { return }
        for (key, root) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")] {
            let value = scale[key].text
            if value.isEmpty {
                errors.required(path[key])
            } else if checkPath(value, path[key]), !value.hasPrefix(root) {
                errors.invalid(path[key], value, "should be a json path under \(root.dropLast())")
            }
        }
        if let value = scale["labelSelectorPath"]?.string, !value.isEmpty,
            checkPath(value, path["labelSelectorPath"]), !value.hasPrefix(".spec."),
            !value.hasPrefix(".status.")
        {
            errors.invalid(
                path["labelSelectorPath"], value, "should be a json path under either .spec or .status")
        }
    }

    private static let columnTypes = ["boolean", "date", "integer", "number", "string"]
    private static let columnFormats = [
        "byte", "date", "date-time", "double", "float", "int32", "int64", "password",
    ]

    private mutating func checkColumn(_ column: JSONValue, _ path: FieldPath) {
        let type = column["type"].text
        let format = column["format"].text
        let types = "must be one of \(Self.columnTypes.joined(separator: ","))"
        if column["name"].text.isEmpty { errors.required(path["name"]) }
        if type.isEmpty {
            errors.required(path["type"], types)
        } else if !Self.columnTypes.contains(type) {
            errors.invalid(path["type"], type, types)
        }
        if !format.isEmpty, !Self.columnFormats.contains(format) {
            errors.invalid(
                path["format"], format, "must be one of \(Self.columnFormats.joined(separator: ","))")
        }
        let jsonPath = column["jsonPath"].text
        if jsonPath.isEmpty {
            errors.required(path["JSONPath"])
        } else if checkPath(jsonPath, path["JSONPath"]), SimpleJSONPath(jsonPath) == nil {
            errors.invalid(path["JSONPath"], jsonPath, "must be a simple json path")
        }
    }

    /// Whether a path begins as it must; says so otherwise.
    private mutating func checkPath(_ text: String, _ path: FieldPath) -> Bool {
        if text.hasPrefix(".") { return true }
        errors.invalid(path, text, "must be a simple json path starting with .")
        return false
    }

    private mutating func checkSelectableFields(_ version: CustomResourceVersion, _ path: FieldPath) {
        let fields = version.selectableFields
        guard !fields.isEmpty else { return }
        guard let schema = version.schema else { return }
        var seen: Set<String> = []
        for (index, field) in fields.enumerated() {
            let place = path[index]["jsonPath"]
            if field.isEmpty {
                errors.required(place)
                continue
            }
            let names = field.split(separator: ".").map(String.init)
            guard field.hasPrefix("."), let found = Self.find(names, in: schema) else {
                errors.invalid(place, field, "is an invalid path: does not refer to a valid field")
                continue
            }
            if names.first == "metadata" {
                errors.invalid(place, field, "must not point to fields in metadata")
            }
            if !["string", "boolean", "integer"].contains(found["type"].text) {
                errors.invalid(
                    place, field,
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
                )
            }
            if !seen.insert(field).inserted { errors.duplicate(place, field) }
        }
        if seen.count > 8 { errors.tooMany(path, seen.count, maximum: 8) }
    }

    private static func find(_ names: [String], in schema: JSONObject) -> JSONObject? {
        var node = schema
        for name in names {
            guard let next = node["properties"]?[name]?.object else { return nil }
            node = next
        }
        return names.isEmpty ? nil : node
    }

    // MARK: Conversion

    mutating func checkConversion() {
        let conversion = definition.conversion
        guard !conversion.isNull else { return }
        let place = path["conversion"]
        let strategy = conversion["strategy"].text
        errors.oneOf(place["strategy"], strategy, ["None", "Webhook"])
        let config = conversion["webhook"]?["clientConfig"]
        let reviews = conversion["webhook"]?["conversionReviewVersions"].strings ?? []
        guard strategy == "Webhook" else {
            if config != nil {
                errors.forbidden(
                    place["webhookClientConfig"],
                    "should not be set when strategy is not set to Webhook")
            }
            if !reviews.isEmpty {
                errors.forbidden(
                    place["conversionReviewVersions"],
                    "should not be set when strategy is not set to Webhook")
            }
            return
        }
        checkClientConfig(config, place["webhookClientConfig"])
        checkReviewVersions(reviews, place["conversionReviewVersions"])
    }

    private mutating func checkClientConfig(_ config: JSONValue?, _ path: FieldPath) {
        guard let config else {
            errors.required(path, "required when strategy is set to Webhook")
            return
        }
        let url = config["url"]?.string
        let service = config["service"]
        guard (url == nil) != (service == nil) else {
            errors.required(path, "exactly one of url or service is required")
            return
        }
        if let url {
            if !url.hasPrefix("https://") {
                errors.invalid(
                    path["url"], url,
                    "'https' is the only allowed URL scheme; desired format: https://host[/path]")
            } else if !URIFormat.isRequestURI(url) {
                errors.required(path["url"], "url must be a valid URL; desired format: https://host[/path]")
            }
        }
        if let service {
            let path = path["service"]
            if service["name"].text.isEmpty { errors.required(path["name"], "service name is required") }
            if service["namespace"].text.isEmpty {
                errors.required(path["namespace"], "service namespace is required")
            }
            if let port = service["port"].number { errors.invalid(path["port"], port, Names.port(port)) }
            if let target = service["path"]?.string, !target.hasPrefix("/") {
                errors.invalid(path["path"], target, "must start with a '/'")
            }
        }
    }

    private mutating func checkReviewVersions(_ versions: [String], _ path: FieldPath) {
        guard !versions.isEmpty else {
            errors.required(path)
            return
        }
        for (index, version) in versions.enumerated() {
            if versions[..<index].contains(version) {
                errors.invalid(path[index], version, "duplicate version")
            }
            errors.invalid(path[index], version, Names.rfc1035Label(version))
        }
        if !versions.contains("v1"), !versions.contains("v1beta1") {
            errors.invalid(
                path, .array(versions.map(JSONValue.string)), "must include at least one of v1, v1beta1")
        }
    }
}
