internal import EdgeAPI
internal import EdgeJSON

/// One webhook of a configuration, compiled.
struct AdmissionWebhook: Sendable {
    let name: String
    /// The configuration's name and place: what tells webhooks apart, whose own names need not be unique.
    let configuration: String
    let index: Int
    let target: Result<WebhookTarget, OutboundFailure>
    let rules: [WebhookRule]
    let matchesEquivalents: Bool
    let namespaceSelector: LabelSelector
    let objectSelector: LabelSelector
    let ignoresFailures: Bool
    let timeout: Duration
    let hasSideEffects: Bool
    let isReinvoked: Bool
    let reviewVersions: [String]
    /// Nil for none. What does not compile, as an older object may have it, cannot be evaluated either.
    let conditions: Result<MatchConditions, MatchConditions.Failure>?

    init(_ webhook: JSONValue, configuration: String, index: Int) throws(SelectorError) {
        name = webhook["name"]?.string ?? ""
        self.configuration = configuration
        self.index = index
        let client = webhook["clientConfig"] ?? .null
        target = Result { () throws(OutboundFailure) in try WebhookTarget(client) }
        rules = (webhook["rules"]?.array ?? []).map(WebhookRule.init)
        matchesEquivalents = webhook["matchPolicy"] != "Exact"
        namespaceSelector = try Self.selector(webhook["namespaceSelector"])
        objectSelector = try Self.selector(webhook["objectSelector"])
        ignoresFailures = webhook["failurePolicy"] == "Ignore"
        timeout = .seconds(webhook["timeoutSeconds"]?.int ?? 10)
        hasSideEffects = webhook["sideEffects"] != "None" && webhook["sideEffects"] != "NoneOnDryRun"
        isReinvoked = webhook["reinvocationPolicy"] == "IfNeeded"
        reviewVersions = webhook["admissionReviewVersions"]?.strings ?? []
        let conditions = Self.matchConditions(webhook)
        self.conditions =
            conditions.isEmpty
            ? nil
            : Result { () throws(MatchConditions.Failure) in try MatchConditions(compiling: conditions) }
    }

    static func matchConditions(_ webhook: JSONValue) -> [(name: String, expression: String)] {
        (webhook["matchConditions"]?.array ?? []).map {
            (name: $0["name"]?.string ?? "", expression: $0["expression"]?.string ?? "")
        }
    }

    var id: String { "\(configuration)/\(index)" }

    private static func selector(_ value: JSONValue?) throws(SelectorError) -> LabelSelector {
        try LabelSelector(object: value ?? .object([:]))
    }

    /// The version of the resource in which this webhook wants to see the request; nil when it does not
    /// concern it.
    func version(for attributes: WebhookAttributes) -> ResourceDefinition? {
        let wants = { (resource: ResourceDefinition) in
            rules.contains {
                $0.matches(attributes.operation, resource, subresource: attributes.subresource)
            }
        }
        if wants(attributes.requested) { return attributes.requested }
        return matchesEquivalents ? attributes.equivalents.first(where: wants) : nil
    }

    func selects(_ attributes: WebhookAttributes) -> Bool {
        if objectSelector.requirements.isEmpty { return true }
        return [attributes.object, attributes.old].contains { object in
            object.map { objectSelector.matches($0) } ?? false
        }
    }
}
