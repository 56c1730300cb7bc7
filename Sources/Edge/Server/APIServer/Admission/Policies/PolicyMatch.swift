internal import EdgeAPI
internal import EdgeJSON

/// Which requests a policy or a binding concerns: `MatchResources`.
struct PolicyMatch: Sendable {
    private struct Rule: Sendable {
        let rule: WebhookRule
        let names: Set<String>

        init(_ json: JSONValue) {
            rule = WebhookRule(json)
            names = Set(json["resourceNames"]?.strings ?? [])
        }

        func matches(_ attributes: WebhookAttributes, _ resource: ResourceDefinition) -> Bool {
            (names.isEmpty || names.contains(attributes.name))
                && rule.matches(attributes.operation, resource, subresource: attributes.subresource)
        }
    }

    private let rules: [Rule]
    private let excluded: [Rule]
    private let matchesEquivalents: Bool
    let namespaceSelector: LabelSelector
    private let objectSelector: LabelSelector

    /// - Parameter json: nil for a binding that concerns all that its policy concerns.
    init(_ json: JSONValue?) throws(SelectorError) {
        let json = json ?? .null
        rules = (json["resourceRules"]?.array ?? []).map(Rule.init)
        excluded = (json["excludeResourceRules"]?.array ?? []).map(Rule.init)
        matchesEquivalents = json["matchPolicy"] != "Exact"
        namespaceSelector = try LabelSelector(object: json["namespaceSelector"] ?? .object([:]))
        objectSelector = try LabelSelector(object: json["objectSelector"] ?? .object([:]))
    }

    /// The version of the resource by which the request falls under this; nil when it does not. Without rules
    /// every request does.
    func version(for attributes: WebhookAttributes) -> ResourceDefinition? {
        guard find(excluded, attributes) == nil else { return nil }
        return rules.isEmpty ? attributes.requested : find(rules, attributes)
    }

    private func find(_ rules: [Rule], _ attributes: WebhookAttributes) -> ResourceDefinition? {
        guard !rules.isEmpty else { return nil }
        if rules.contains(where: { $0.matches(attributes, attributes.requested) }) {
            return attributes.requested
        }
        guard matchesEquivalents else { return nil }
        return attributes.equivalents.first { version in
            rules.contains { $0.matches(attributes, version) }
        }
    }

    func selects(_ attributes: WebhookAttributes) -> Bool {
        if objectSelector.requirements.isEmpty { return true }
        return [attributes.object, attributes.old].contains { object in
            object.map { objectSelector.matches($0) } ?? false
        }
    }
}
