internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Logging

/// Asks the admission webhooks that configurations name. Requests that no webhook wants to see cost a look
/// into a table; the others wait here, holding nothing.
final class AdmissionWebhooks: Sendable {
    let store: ObjectStore
    let mutating: AdmissionWebhookTable
    let validating: AdmissionWebhookTable
    let caller: AdmissionWebhookCaller
    let objects: WebhookObjects
    private let authorizer: any Authorizer
    let logger = Logger(label: "edge.admission")

    init(
        store: ObjectStore, clients: OutboundClients, converter: any CustomResourceConverter,
        authorizer: any Authorizer
    ) {
        self.store = store
        self.authorizer = authorizer
        mutating = AdmissionWebhookTable(AdmissionWebhookTable.mutating, store: store)
        validating = AdmissionWebhookTable(AdmissionWebhookTable.validating, store: store)
        caller = AdmissionWebhookCaller(clients: clients)
        objects = WebhookObjects(converter: converter)
    }

    // MARK: Choosing

    /// In which version a webhook is to be asked; nil for not at all.
    func invocation(
        _ webhook: AdmissionWebhook, _ attributes: WebhookAttributes
    ) async throws -> ResourceDefinition? {
        guard !attributes.isExempt, let version = webhook.version(for: attributes),
            try isInSelectedNamespace(webhook, attributes), webhook.selects(attributes),
            try await meetsConditions(webhook, attributes, in: version)
        else { return nil }
        return version
    }

    private func meetsConditions(
        _ webhook: AdmissionWebhook, _ attributes: WebhookAttributes, in version: ResourceDefinition
    ) async throws -> Bool {
        let failure: String
        switch webhook.conditions {
        case nil: return true
        case .failure(let error): failure = error.description
        case .success(let conditions):
            let seen = AdmissionAttributes(
                operation: attributes.operation, resource: version, requested: attributes.requested,
                subresource: attributes.subresource, namespace: attributes.namespace, name: attributes.name,
                user: attributes.user,
                object: try await objects.form(attributes.object, attributes, in: version),
                old: try await objects.form(attributes.old, attributes, in: version),
                options: attributes.options, isDryRun: attributes.isDryRun, authorizer: authorizer)
            switch conditions.evaluate(seen) {
            case .matched: return true
            case .notMatched: return false
            case .error(let text): failure = text
            }
        }
        if webhook.ignoresFailures { return false }
        throw APIStatus.forbidden(attributes.requested.qualifiedName, attributes.name, failure)
    }

    /// Namespaces are judged by their own labels, everything else by those of its namespace; what is in none
    /// is always selected.
    private func isInSelectedNamespace(
        _ webhook: AdmissionWebhook, _ attributes: WebhookAttributes
    ) throws -> Bool {
        let selector = webhook.namespaceSelector
        guard !selector.requirements.isEmpty, !attributes.namespace.isEmpty else { return true }
        if attributes.resource.storageName == "namespaces", attributes.subresource.isEmpty,
            let object = attributes.object
        {
            return selector.matches(object)
        }
        guard let stored = store.get(ObjectKey(resource: "namespaces", name: attributes.namespace)) else {
            throw APIStatus.notFound("namespaces", attributes.namespace)
        }
        return selector.matches(try APIObject(decoding: stored))
    }

    // MARK: Asking

    /// What became of asking one webhook.
    enum Outcome {
        case allowed(patch: [UInt8]?)
        case failed(APIStatus)
        /// It gave no answer that can be used, and its configuration says that this does not matter.
        case ignored
    }

    func ask(
        _ webhook: AdmissionWebhook, _ attributes: WebhookAttributes, in version: ResourceDefinition,
        _ context: RequestContext, isMutating: Bool
    ) async throws -> Outcome {
        if attributes.isDryRun, webhook.hasSideEffects {
            return .failed(
                .badRequest("admission webhook \(webhook.name.goQuoted) does not support dry run"))
        }
        let verdict: AdmissionReview.Verdict
        do {
            let review = try AdmissionReview(
                webhook.reviewVersions, uid: UID.random(), attributes, in: version,
                object: try await objects.form(attributes.object, attributes, in: version),
                old: try await objects.form(attributes.old, attributes, in: version))
            verdict = try await caller.ask(webhook, review, isMutating: isMutating)
        } catch let failure as OutboundFailure {
            if webhook.ignoresFailures {
                logger.warning(
                    "webhook failed and is ignored",
                    metadata: ["webhook": "\(webhook.name)", "error": "\(failure)"])
                return .ignored
            }
            return .failed(.internalError("failed calling webhook \(webhook.name.goQuoted): \(failure)"))
        }
        for (key, value) in verdict.annotations { context.annotations.add("\(webhook.name)/\(key)", value) }
        for warning in verdict.warnings { context.warnings.add(warning) }
        guard verdict.isAllowed else { return .failed(verdict.denial(by: webhook.name)) }
        return .allowed(patch: verdict.patch)
    }
}
