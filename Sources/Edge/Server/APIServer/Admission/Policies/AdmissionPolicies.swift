internal import EdgeAPI
internal import EdgeBase
internal import EdgeCEL
internal import EdgeJSON
internal import EdgeStorage

/// Evaluates the admission policies that users have bound. Requests that no policy concerns cost a look into
/// two tables.
final class AdmissionPolicies: Sendable {
    static let resources = [
        "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
    ].map { "\($0).admissionregistration.k8s.io" }

    let store: ObjectStore
    let authorizer: any Authorizer
    let params: PolicyParams
    let objects: WebhookObjects
    let validating: PolicyTable<ValidatingPolicy>
    let mutating: PolicyTable<MutatingPolicy>

    init(
        store: ObjectStore, authorizer: any Authorizer, customResources: CustomResourceTable,
        converter: any CustomResourceConverter
    ) {
        self.store = store
        self.authorizer = authorizer
        params = PolicyParams(store: store, customResources: customResources, converter: converter)
        objects = WebhookObjects(converter: converter)
        validating = PolicyTable(
            policies: Self.resources[0], bindings: Self.resources[1], store: store
        ) { try ValidatingPolicy($0) }
        mutating = PolicyTable(
            policies: Self.resources[2], bindings: Self.resources[3], store: store
        ) { try MutatingPolicy($0) }
    }

    // MARK: Choosing

    /// The namespace of a request's object; nil for objects in none, Namespaces among them.
    func namespace(of attributes: WebhookAttributes) throws -> APIObject? {
        guard !attributes.namespace.isEmpty, attributes.resource.storageName != "namespaces" else {
            return nil
        }
        let key = ObjectKey(resource: "namespaces", namespace: "", name: attributes.namespace)
        guard let stored = store.get(key) else {
            throw APIStatus.notFound("namespaces", attributes.namespace)
        }
        return try APIObject(decoding: stored)
    }

    /// The version in which a policy or a binding concerns the request; nil when it does not.
    func version(
        _ match: PolicyMatch, _ attributes: WebhookAttributes, _ namespace: APIObject?
    ) -> ResourceDefinition? {
        guard let version = match.version(for: attributes), match.selects(attributes) else { return nil }
        let selector = match.namespaceSelector
        if selector.requirements.isEmpty { return version }
        let isNamespace = attributes.resource.storageName == "namespaces" && attributes.subresource.isEmpty
        guard let judged = isNamespace ? attributes.object ?? attributes.old : namespace else {
            return version
        }
        return selector.matches(judged) ? version : nil
    }

    /// The request as the expressions of a policy see it.
    func shown(
        _ attributes: WebhookAttributes, in version: ResourceDefinition
    ) async throws -> AdmissionAttributes {
        AdmissionAttributes(
            operation: attributes.operation, resource: version, requested: attributes.requested,
            subresource: attributes.subresource, namespace: attributes.namespace, name: attributes.name,
            user: attributes.user, object: try await objects.form(attributes.object, attributes, in: version),
            old: try await objects.form(attributes.old, attributes, in: version),
            options: attributes.options, isDryRun: attributes.isDryRun, authorizer: authorizer)
    }

    /// What stands against a policy as a whole.
    func configurationError(_ policy: AdmissionPolicy) -> String? {
        guard let kind = policy.paramKind, params.resource(kind) == nil else { return nil }
        return
            "failed to configure policy: failed to find resource referenced by paramKind: '\(kind.apiVersion), Kind=\(kind.kind)'"
    }
}
