internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// A request as admission webhooks are told of it.
struct WebhookAttributes: Sendable {
    let operation: AdmissionRequest.Operation
    /// The resource in the version of the request.
    let requested: ResourceDefinition
    /// The resource in the version that the objects below have.
    let resource: ResourceDefinition
    let subresource: String
    let namespace: String
    let name: String
    let user: UserInfo
    var object: APIObject?
    let old: APIObject?
    /// The options of the request as an object with kind and version; nil for connections.
    let options: JSONValue?
    let isDryRun: Bool

    /// What a webhook may be called with instead of the requested version.
    var equivalents: [ResourceDefinition] {
        if let family = requested.custom?.family {
            return family.versions.filter { $0.isServed && $0.name != requested.version }
                .map { CustomResource(family, $0).definition }
        }
        return ServedResources.all.filter {
            $0.storageName == requested.storageName && $0.kind == requested.kind
                && $0.groupVersionResource != requested.groupVersionResource
        }
    }

    /// The kind of the objects that a request to this version of the resource carries.
    func kind(in version: ResourceDefinition) -> GroupVersionKind {
        if subresource.isEmpty { return version.groupVersionKind }
        return version.subresource(subresource)?.kind ?? version.groupVersionKind
    }

    /// Configurations of admission never fall under admission by configuration: nobody could repair them.
    var isExempt: Bool { requested.group == "admissionregistration.k8s.io" }
}

extension WebhookAttributes {
    /// A write on its way through the registry.
    init(_ request: AdmissionRequest, _ context: RequestContext) {
        operation = request.operation
        resource = request.resource
        requested =
            context.served.flatMap { $0.storageName == request.resource.storageName ? $0 : nil }
            ?? request.resource
        subresource = request.subresource
        namespace = request.resource.storageName == "namespaces" ? request.name : request.namespace
        name = request.name
        user = request.user
        object = request.object
        old = request.old
        isDryRun = request.isDryRun
        options = context.options(for: request.operation)
    }
}

extension RequestContext {
    /// The request's options as the API's own kinds.
    func options(for operation: AdmissionRequest.Operation) -> JSONValue? {
        let kind: String
        switch operation {
        case .create: kind = "CreateOptions"
        case .update: kind = "UpdateOptions"
        case .delete: kind = "DeleteOptions"
        case .connect: return nil
        }
        var options: JSONObject = ["kind": .string(kind), "apiVersion": "meta.k8s.io/v1"]
        if operation == .delete {
            for member in deleteOptions ?? JSONObject() { options[member.key] = member.value }
        }
        if isDryRun { options["dryRun"] = ["All"] }
        guard operation != .delete else { return .object(options) }
        if !fieldManager.isEmpty { options["fieldManager"] = .string(fieldManager) }
        if let validation = requestedValidation { options["fieldValidation"] = .string(validation.rawValue) }
        return .object(options)
    }
}

extension DeleteOptions {
    /// The members of a `metav1.DeleteOptions`.
    var json: JSONObject {
        var options = JSONObject()
        if let gracePeriodSeconds { options["gracePeriodSeconds"] = .int(gracePeriodSeconds) }
        if uid != nil || resourceVersion != nil {
            var conditions = JSONObject()
            if let uid { conditions["uid"] = .string(uid) }
            if let resourceVersion { conditions["resourceVersion"] = .string(resourceVersion) }
            options["preconditions"] = .object(conditions)
        }
        if let propagation { options["propagationPolicy"] = .string(propagation.rawValue) }
        return options
    }
}
