internal import EdgeAPI
internal import EdgeJSON

/// A Namespace stays until its content is gone: the `kubernetes` finalizer in its spec holds it.
struct NamespaceBehavior: Behavior {
    static let finalizer = "kubernetes"

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        var finalizers = object[path: "spec", "finalizers"]?.array ?? []
        if !finalizers.contains(.string(Self.finalizer)) { finalizers.append(.string(Self.finalizer)) }
        object[path: "spec", "finalizers"] = .array(finalizers)
        object["status"] = ["phase": "Active"]
        object[label: "kubernetes.io/metadata.name"] = object.name
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        // Only the finalize subresource changes these.
        if subresource != "finalize" { object[path: "spec", "finalizers"] = old[path: "spec", "finalizers"] }
        object[label: "kubernetes.io/metadata.name"] = object.name
    }

    func hasFurtherFinalizers(_ object: APIObject) -> Bool {
        object[path: "spec", "finalizers"]?.array?.isEmpty == false
    }

    func willBeginDeletion(_ object: inout APIObject) {
        object[path: "status", "phase"] = "Terminating"
    }
}
