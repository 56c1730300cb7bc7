internal import EdgeAPI
internal import EdgeJSON

/// What is wrong with a binding, in Kubernetes' words.
enum PolicyBindingChecker {
    private static let actions = ["Audit", "Deny", "Warn"]

    static func errors(in object: APIObject, isMutating: Bool) -> [FieldError] {
        var errors = FieldErrors()
        let spec = object["spec"] ?? .null
        let path = FieldPath.spec
        let policy = spec["policyName"]?.string ?? ""
        if policy.isEmpty {
            errors.required(path["policyName"])
        } else {
            errors.invalid(path["policyName"], policy, Names.subdomain(policy))
        }
        if let reference = spec["paramRef"], !reference.isNull {
            check(reference, path["paramRef"], &errors)
        }
        if let match = spec["matchResources"], !match.isNull {
            errors.checkMatchResources(match, path["matchResources"])
        }
        if !isMutating { check(spec["validationActions"], path["validationActions"], &errors) }
        return errors.list
    }

    private static func check(_ reference: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let name = reference["name"]?.string ?? ""
        let selector = reference["selector"].flatMap { $0.isNull ? JSONValue?.none : $0 }
        let exclusive = "name and selector are mutually exclusive"
        if !name.isEmpty {
            errors.invalid(path["name"], name, Names.pathSegment(name))
            if selector != nil { errors.forbidden(path["name"], exclusive) }
        }
        if let selector {
            errors.checkLabelSelector(selector, path["selector"])
            if !name.isEmpty { errors.forbidden(path["selector"], exclusive) }
        }
        if name.isEmpty, selector == nil {
            errors.required(path, "one of name or selector must be specified")
        }
        let action = reference["parameterNotFoundAction"]?.string ?? ""
        if action.isEmpty {
            errors.required(path["parameterNotFoundAction"])
        } else if action != "Deny", action != "Allow" {
            errors.notSupported(path["parameterNotFoundAction"], action, ["Deny", "Allow"])
        }
    }

    private static func check(_ list: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        let chosen = list?.strings ?? []
        var seen: Set<String> = []
        for (index, action) in chosen.enumerated() {
            if !actions.contains(action) { errors.notSupported(path[index], action, actions) }
            if !seen.insert(action).inserted { errors.duplicate(path[index], action) }
        }
        if seen.contains("Deny"), seen.contains("Warn") {
            errors.invalid(
                path, .array(chosen.map(JSONValue.string)),
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"
            )
        }
        if seen.isEmpty { errors.required(path, "at least one validation action is required") }
    }
}

extension FieldErrors {
    /// `MatchResources` of a policy or a binding.
    mutating func checkMatchResources(_ match: JSONValue, _ path: FieldPath) {
        if let policy = match["matchPolicy"]?.string {
            if policy != "Exact", policy != "Equivalent" {
                notSupported(path["matchPolicy"], policy, ["Equivalent", "Exact"])
            }
        } else {
            required(path["matchPolicy"])
        }
        for key in ["namespaceSelector", "objectSelector"] {
            if let selector = match[key], !selector.isNull {
                checkLabelSelector(selector, path[key])
            } else {
                required(path[key])
            }
        }
        for key in ["resourceRules", "excludeResourceRules"] {
            for (index, rule) in (match[key]?.array ?? []).enumerated() {
                let place = path[key][index]
                checkNames(rule["resourceNames"]?.strings ?? [], place["resourceNames"])
                checkWebhookRule(rule, place)
            }
        }
    }

    private mutating func checkNames(_ names: [String], _ path: FieldPath) {
        var seen: Set<String> = []
        for (index, name) in names.enumerated() {
            invalid(path[index], name, Names.pathSegment(name))
            if !seen.insert(name).inserted { duplicate(path[index], name) }
        }
    }
}
