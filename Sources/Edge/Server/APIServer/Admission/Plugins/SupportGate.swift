internal import EdgeAPI
internal import EdgeJSON

/// What edge does with each resource beyond storing it. What a user could mistake for protection is refused
/// until it protects; other kinds that nothing acts on yet are stored with a Warning.
/// docs/api-support.md is this table's twin.
struct SupportGate: AdmissionPlugin {
    /// Resources that would be a false promise of protection.
    static let refused: [String: String] = [
        "networkpolicies.networking.k8s.io": "network policies are not enforced by this version of edge"
    ]

    /// Resources that something in edge acts on; the rest is stored only.
    static let active: Set<String> = [
        "bindings", "componentstatuses", "configmaps", "endpoints", "events", "limitranges", "namespaces",
        "resourcequotas",
        "nodes", "pods",
        "secrets",
        "serviceaccounts", "services", "deployments.apps", "replicasets.apps", "controllerrevisions.apps",
        "endpointslices.discovery.k8s.io", "leases.coordination.k8s.io", "priorityclasses.scheduling.k8s.io",
        "certificatesigningrequests.certificates.k8s.io", "roles.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io", "tokenreviews.authentication.k8s.io",
        "selfsubjectreviews.authentication.k8s.io", "subjectaccessreviews.authorization.k8s.io",
        "selfsubjectaccessreviews.authorization.k8s.io", "selfsubjectrulesreviews.authorization.k8s.io",
        "poddisruptionbudgets.policy", "events.events.k8s.io",
        "localsubjectaccessreviews.authorization.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        AggregatedServices.resource,
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    ]

    /// The Warning for a write to a resource that is only stored.
    static func warning(for resource: ResourceDefinition) -> String? {
        guard resource.custom == nil, !active.contains(resource.storageName),
            refused[resource.storageName] == nil
        else { return nil }
        return "\(resource.qualifiedName) are stored, but nothing in this version of edge acts on them"
    }

    let name = "SupportGate"

    func validate(_ request: AdmissionRequest) throws {
        if request.operation == .create, let cause = Self.refused[request.resource.storageName] {
            throw APIStatus.forbidden(request.resource.qualifiedName, request.name, cause)
        }
    }
}
