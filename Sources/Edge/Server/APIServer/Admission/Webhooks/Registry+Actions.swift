internal import EdgeAPI
internal import EdgeJSON

extension Registry {
    /// Admission of what is no write of an object: the object that a subresource takes, a question, a
    /// connection. Returns it as the webhooks leave it.
    func admitAction(
        _ operation: AdmissionRequest.Operation, _ resource: ResourceDefinition, namespace: String,
        name: String, subresource: String, _ object: APIObject, _ context: RequestContext
    ) async throws -> APIObject {
        guard webhooks?.isConcerned == true || policies?.isConcerned == true else { return object }
        var attributes = WebhookAttributes(
            operation: operation, requested: resource, resource: resource, subresource: subresource,
            namespace: namespace, name: name, user: context.user, object: object, old: nil,
            options: context.options(for: operation), isDryRun: context.isDryRun)
        try await policies?.mutate(&attributes, context)
        try await webhooks?.mutate(&attributes, context)
        try await policies?.validate(attributes, context)
        if let webhooks {
            try await webhooks.validate(attributes, webhooks.validating.webhooks, context)
        }
        return attributes.object ?? object
    }
}

extension AdmissionWebhooks {
    var isConcerned: Bool { !mutating.webhooks.isEmpty || !validating.webhooks.isEmpty }
}

extension AdmissionPolicies {
    var isConcerned: Bool { !mutating.entries.isEmpty || !validating.entries.isEmpty }
}
