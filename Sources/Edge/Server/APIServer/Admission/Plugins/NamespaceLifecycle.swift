internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Objects are created only in a namespace that exists and is not being deleted; the namespaces that the
/// cluster itself needs cannot be deleted.
struct NamespaceLifecycle: AdmissionPlugin {
    static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

    let name = "NamespaceLifecycle"
    let store: ObjectStore

    func validate(_ request: AdmissionRequest) throws {
        if request.concerns("namespaces", .delete), Self.immortal.contains(request.name) {
            throw APIStatus.forbidden("namespaces", request.name, "this namespace may not be deleted")
        }
        guard request.operation == .create, request.resource.isNamespaced, !request.namespace.isEmpty,
            // Access reviews ask about a namespace without being in it.
            request.resource.group != "authorization.k8s.io"
        else { return }
        guard let stored = store.get(ObjectKey(resource: "namespaces", name: request.namespace)) else {
            throw APIStatus.notFound("namespaces", request.namespace)
        }
        guard try APIObject(decoding: stored).isBeingDeleted else { return }
        var status = APIStatus.forbidden(
            request.resource.qualifiedName, request.name,
            "unable to create new content in namespace \(request.namespace) because it is being terminated")
        status.details?.causes = [
            APIStatus.Cause(
                reason: "NamespaceTerminating", message: "namespace \(request.namespace) is being terminated",
                field: "metadata.namespace")
        ]
        throw status
    }
}
