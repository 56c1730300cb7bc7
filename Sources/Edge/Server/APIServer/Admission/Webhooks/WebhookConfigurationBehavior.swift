internal import EdgeAPI
internal import EdgeJSON

/// Configurations of admission webhooks: their match conditions must compile.
struct WebhookConfigurationBehavior: Behavior {
    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        try check(object)
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        guard Self.conditions(object) != Self.conditions(old) else { return }
        try check(object)
    }

    private static func conditions(_ object: APIObject) -> [JSONValue?] {
        (object["webhooks"]?.array ?? []).map { $0["matchConditions"] }
    }

    private func check(_ object: APIObject) throws {
        let errors = (object["webhooks"]?.array ?? []).enumerated().flatMap { index, webhook in
            let conditions = AdmissionWebhook.matchConditions(webhook)
            let path = FieldPath("webhooks")[index]["matchConditions"]
            return conditions.isEmpty ? [] : MatchConditions.errors(in: conditions, path)
        }
        guard errors.isEmpty else {
            throw APIStatus.invalid(
                kind: object.kind, group: "admissionregistration.k8s.io", name: object.name, errors)
        }
    }
}
