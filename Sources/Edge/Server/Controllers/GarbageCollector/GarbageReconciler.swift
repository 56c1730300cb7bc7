internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Examines one object: as a dependent (are its owners still there?) and as an owner that is being deleted.
struct GarbageReconciler: Reconciler {
    private static let foreground = "foregroundDeletion"
    private static let orphan = "orphan"

    let name = GarbageCollector.controllerName
    let client: any APIClient
    let informers: InformerTable
    let kinds: CustomKinds

    static func isOwn(_ finalizer: String) -> Bool { finalizer == foreground || finalizer == orphan }

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        // The store's own state, not the informer's: a wrong answer here deletes things.
        guard let object = try await present(key) else { return .done }
        if object.isBeingDeleted {
            if object.finalizers.contains(Self.orphan) { return try await orphanDependents(of: object, key) }
            if object.finalizers.contains(Self.foreground) {
                return try await deleteDependents(of: object, key)
            }
            return .done
        }
        var owners: [String: OwnershipPlan.Owner] = [:]
        for reference in object.ownerReferences {
            owners[reference.uid] = try await state(of: reference, in: object.namespace)
        }
        switch OwnershipPlan(object, owners: owners) {
        case .keep: break
        case .delete(let foreground):
            try await delete(key, object.uid, foreground ? .foreground : .background)
        case .removeReferences(let uids):
            try await setReferences(object.ownerReferences.filter { !uids.contains($0.uid) }, of: object, key)
        }
        return .done
    }

    // MARK: Owners

    private func state(of reference: OwnerReference, in namespace: String) async throws -> OwnershipPlan.Owner
    {
        guard let key = key(of: reference, in: namespace) else { return .present }
        guard let owner = try await present(key), owner.uid == reference.uid else { return .absent }
        return owner.isBeingDeleted && owner.finalizers.contains(Self.foreground)
            ? .waitingForDependents : .present
    }

    /// Nil for a kind that this server does not know: its dependents are left alone.
    private func key(of reference: OwnerReference, in namespace: String) -> ObjectKey? {
        let kind = GroupVersionKind(apiVersion: reference.apiVersion, kind: reference.kind)
        guard let resource = Schema.shared.resource(for: kind) else {
            guard let custom = kinds.find(kind) else { return nil }
            return ObjectKey(
                resource: custom.storageName, namespace: custom.isNamespaced ? namespace : "",
                name: reference.name)
        }
        return ObjectKey(
            resource: resource.storageName, namespace: resource.isNamespaced ? namespace : "",
            name: reference.name)
    }

    private func present(_ key: ObjectKey) async throws -> APIObject? {
        do {
            return try APIObject(decoding: try await client.get(key))
        } catch let status as APIStatus where status.reason == .notFound {
            return nil
        }
    }

    func dependents(of uid: String) -> [EncodedObject] {
        uid.isEmpty ? [] : informers.all.flatMap { $0.indexed(by: ControllerIndexes.owner, uid) }
    }

    /// The owners of a deleted object that are being deleted in the foreground.
    func waitingOwners(of object: APIObject) -> [ObjectKey] {
        object.ownerReferences.compactMap { reference in
            guard let key = key(of: reference, in: object.namespace),
                let stored = informers[key.resource]?.get(key), let owner = try? APIObject(decoding: stored),
                owner.isBeingDeleted
            else { return nil }
            return key
        }
    }

    // MARK: Deletions with finalizers

    private func deleteDependents(of owner: APIObject, _ key: ObjectKey) async throws -> ReconcileResult {
        var blocking = 0
        for dependent in dependents(of: owner.uid) {
            guard let object = try await present(dependent.key),
                let reference = object.ownerReferences.first(where: { $0.uid == owner.uid })
            else { continue }
            if reference.blocksOwnerDeletion { blocking += 1 }
            if !object.isBeingDeleted {
                let isSole = object.ownerReferences.count == 1
                if isSole {
                    try await delete(dependent.key, object.uid, .foreground)
                } else {
                    try await setReferences(
                        object.ownerReferences.filter { $0.uid != owner.uid }, of: object, dependent.key)
                }
            }
        }
        if blocking == 0 { try await removeFinalizer(Self.foreground, from: owner, key) }
        return .done
    }

    private func orphanDependents(of owner: APIObject, _ key: ObjectKey) async throws -> ReconcileResult {
        for dependent in dependents(of: owner.uid) {
            guard let object = try await present(dependent.key) else { continue }
            try await setReferences(
                object.ownerReferences.filter { $0.uid != owner.uid }, of: object, dependent.key)
        }
        try await removeFinalizer(Self.orphan, from: owner, key)
        return .done
    }

    // MARK: Writes

    private func delete(
        _ key: ObjectKey, _ uid: String, _ propagation: DeleteOptions.Propagation
    ) async throws {
        try await ignoringAbsence {
            try await client.delete(key, options: DeleteOptions(propagation: propagation, uid: uid))
        }
    }

    private func setReferences(
        _ references: [OwnerReference], of object: APIObject, _ key: ObjectKey
    ) async throws {
        let patch: JSONValue = [
            "metadata": [
                "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
                "ownerReferences": references.isEmpty ? .null : .array(references.map(\.value)),
            ]
        ]
        try await ignoringAbsence { _ = try await client.patch(key, Patch(.merge, patch)) }
    }

    private func removeFinalizer(_ finalizer: String, from object: APIObject, _ key: ObjectKey) async throws {
        let remaining = object.finalizers.filter { $0 != finalizer }
        let patch: JSONValue = [
            "metadata": [
                "resourceVersion": .string(object.resourceVersion),
                "finalizers": remaining.isEmpty ? .null : .array(remaining.map(JSONValue.string)),
            ]
        ]
        try await ignoringAbsence { _ = try await client.patch(key, Patch(.merge, patch)) }
    }

    private func ignoringAbsence(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let status as APIStatus where status.reason == .notFound { return }
    }
}
