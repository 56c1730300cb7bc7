public import EdgeJSON

extension ObjectValidator {
    static let validatingWebhookConfiguration: Rule = { object, old, errors in
        errors.checkWebhooks(object, old, isMutating: false)
    }

    static let mutatingWebhookConfiguration: Rule = { object, old, errors in
        errors.checkWebhooks(object, old, isMutating: true)
    }
}

/// The rules of admission webhooks; what an older object got away with it may keep.
extension FieldErrors {
    private static let sideEffects = ["None", "NoneOnDryRun"]
    private static let olderSideEffects = ["None", "NoneOnDryRun", "Some", "Unknown"]
    private static let reviewVersions = ["v1", "v1beta1"]
    private static let operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]

    fileprivate mutating func checkWebhooks(_ object: APIObject, _ old: APIObject?, isMutating: Bool) {
        let webhooks = object["webhooks"]?.array ?? []
        let former = old?["webhooks"]?.array ?? []
        let formerNames = former.map { $0["name"].text }
        let needsUniqueNames = Set(formerNames).count == formerNames.count
        let allowed =
            former.allSatisfy { Self.sideEffects.contains($0["sideEffects"].text) }
            ? Self.sideEffects : Self.olderSideEffects
        let needsKnownVersion = former.allSatisfy { webhook in
            webhook["admissionReviewVersions"].strings.contains(where: Self.reviewVersions.contains)
        }
        var names: Set<String> = []
        for (index, webhook) in webhooks.enumerated() {
            let path = FieldPath("webhooks")[index]
            checkWebhook(webhook, path, allowedSideEffects: allowed)
            if isMutating {
                optionalOneOf(
                    path["reinvocationPolicy"], webhook["reinvocationPolicy"].optionalText,
                    ["IfNeeded", "Never"])
            }
            checkReviewVersions(
                webhook["admissionReviewVersions"].strings, path["admissionReviewVersions"],
                needsKnown: needsKnownVersion)
            let name = webhook["name"].text
            if needsUniqueNames, !name.isEmpty, !names.insert(name).inserted {
                duplicate(path["name"], name)
            }
        }
    }

    private mutating func checkWebhook(
        _ webhook: JSONValue, _ path: FieldPath, allowedSideEffects: [String]
    ) {
        checkQualifiedName(webhook["name"].text, path["name"])
        for (index, rule) in (webhook["rules"]?.array ?? []).enumerated() {
            checkWebhookRule(rule, path["rules"][index])
        }
        optionalOneOf(path["failurePolicy"], webhook["failurePolicy"].optionalText, ["Fail", "Ignore"])
        optionalOneOf(path["matchPolicy"], webhook["matchPolicy"].optionalText, ["Equivalent", "Exact"])
        if let effects = webhook["sideEffects"].optionalText {
            optionalOneOf(path["sideEffects"], effects, allowedSideEffects)
        } else {
            required(
                path["sideEffects"], "must specify one of \(allowedSideEffects.joined(separator: ", "))")
        }
        if let seconds = webhook["timeoutSeconds"].number, !(1...30).contains(seconds) {
            invalid(path["timeoutSeconds"], seconds, "the timeout value must be between 1 and 30 seconds")
        }
        checkLabelSelector(webhook["namespaceSelector"], path["namespaceSelector"])
        checkLabelSelector(webhook["objectSelector"], path["objectSelector"])
        checkWebhookClient(webhook["clientConfig"] ?? .null, path["clientConfig"])
    }

    private mutating func checkQualifiedName(_ name: String, _ path: FieldPath) {
        guard !name.isEmpty else {
            required(path)
            return
        }
        let messages = Names.subdomain(name)
        if !messages.isEmpty {
            invalid(path, name, messages.joined(separator: ","))
        } else if name.split(separator: ".", omittingEmptySubsequences: false).count < 3 {
            invalid(path, name, "should be a domain with at least three segments separated by dots")
        }
    }

    // MARK: Rules

    /// Operations, groups, versions and resources of a rule of a webhook or a policy.
    public mutating func checkWebhookRule(_ rule: JSONValue, _ path: FieldPath) {
        let operations = rule["operations"].strings
        if operations.isEmpty { required(path["operations"]) }
        checkLoneWildcard(operations, path["operations"], "operations")
        for (index, operation) in operations.enumerated() where !Self.operations.contains(operation) {
            notSupported(path["operations"][index], operation, Self.operations)
        }
        let groups = rule["apiGroups"].strings
        if groups.isEmpty { required(path["apiGroups"]) }
        checkLoneWildcard(groups, path["apiGroups"], "API groups")
        let versions = rule["apiVersions"].strings
        if versions.isEmpty { required(path["apiVersions"]) }
        checkLoneWildcard(versions, path["apiVersions"], "API versions")
        for (index, version) in versions.enumerated() where version.isEmpty {
            required(path["apiVersions"][index])
        }
        checkRuleResources(rule["resources"].strings, path["resources"])
        optionalOneOf(path["scope"], rule["scope"].optionalText, ["*", "Cluster", "Namespaced"])
    }

    private mutating func checkLoneWildcard(_ values: [String], _ path: FieldPath, _ what: String) {
        if values.count > 1, values.contains("*") {
            invalid(path, list(values), "if '*' is present, must not specify other \(what)")
        }
    }

    private func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    private mutating func checkRuleResources(_ resources: [String], _ path: FieldPath) {
        if resources.isEmpty { required(path) }
        var wholeResources: Set<Substring> = []
        var wholeSubresources: Set<Substring> = []
        var hasPlain = false
        for (index, resource) in resources.enumerated() {
            guard !resource.isEmpty else {
                required(path[index])
                continue
            }
            let parts = resource.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                hasPlain = resource != "*"
                continue
            }
            if wholeResources.contains(parts[0]) {
                invalid(
                    path[index], resource,
                    "if '\(parts[0])/*' is present, must not specify \(resource)")
            }
            if wholeSubresources.contains(parts[1]) {
                invalid(
                    path[index], resource,
                    "if '*/\(parts[1])' is present, must not specify \(resource)")
            }
            if parts[1] == "*" { wholeResources.insert(parts[0]) }
            if parts[0] == "*" { wholeSubresources.insert(parts[1]) }
        }
        if resources.count > 1, resources.contains("*/*") {
            invalid(path, list(resources), "if '*/*' is present, must not specify other resources")
        }
        if resources.contains("*"), hasPlain {
            invalid(
                path, list(resources),
                "if '*' is present, must not specify other resources without subresources")
        }
    }

    private mutating func checkReviewVersions(
        _ versions: [String], _ path: FieldPath, needsKnown: Bool
    ) {
        let known = Self.reviewVersions.joined(separator: ", ")
        guard !versions.isEmpty else {
            required(path, "must specify one of \(known)")
            return
        }
        for (index, version) in versions.enumerated() {
            if versions[..<index].contains(version) {
                invalid(path[index], version, "duplicate version")
            } else {
                invalid(path[index], version, Names.rfc1035Label(version))
            }
        }
        if needsKnown, !versions.contains(where: Self.reviewVersions.contains) {
            invalid(path, list(versions), "must include at least one of \(known)")
        }
    }
}
