internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// What keeps a claim or a volume that somebody uses from being deleted: a finalizer that admission puts on
/// it, and that goes once the object is being deleted and nobody uses it any more.
enum VolumeProtection {
    static let claimFinalizer = "kubernetes.io/pvc-protection"
    static let volumeFinalizer = "kubernetes.io/pv-protection"

    /// Whether a pod still uses a claim: it has not ended, or its node has not let go of it.
    static func uses(_ pod: Pod, _ claim: String) -> Bool {
        guard !pod.isTerminal else { return false }
        return (pod.object[path: "spec", "volumes"]?.array ?? []).contains { volume in
            if volume["persistentVolumeClaim"]?["claimName"].text == claim { return true }
            return volume["ephemeral"] != nil && "\(pod.name)-\(volume["name"].text)" == claim
        }
    }

    /// The object without its finalizer, when it may go.
    static func released(_ object: APIObject, usedBy pods: [Pod]) -> APIObject? {
        let finalizer = object.kind == "PersistentVolume" ? volumeFinalizer : claimFinalizer
        guard object.isBeingDeleted, object.finalizers.contains(finalizer) else { return nil }
        if object.kind == "PersistentVolume" {
            if object[path: "status", "phase"].text == "Bound" { return nil }
        } else if pods.contains(where: { uses($0, object.name) }) {
            return nil
        }
        var released = object
        released.finalizers = object.finalizers.filter { $0 != finalizer }
        return released
    }
}

struct VolumeProtectionReconciler: Reconciler {
    static let controllerName = "pvc-protection-controller"
    static let claims = "persistentvolumeclaims"
    static let volumes = "persistentvolumes"

    let name = Self.controllerName
    let client: any APIClient
    let objects: [String: Informer]
    let pods: Informer

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let stored = objects[key.resource]?.get(key) else { return .done }
        let object = try APIObject(decoding: stored)
        guard object.isBeingDeleted else { return .done }
        let pods = object.namespace.isEmpty ? [] : pods.views(namespace: object.namespace, as: Pod.self)
        guard let released = VolumeProtection.released(object, usedBy: pods) else { return .done }
        do {
            _ = try await client.update(key.resource, released)
        } catch let status as APIStatus where status.reason == .notFound {
            return .done
        }
        return .done
    }
}
