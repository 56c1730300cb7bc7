internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Empties a namespace that is being deleted, and lets it go when nothing is left.
struct NamespaceReconciler: Reconciler {
    static let controllerName = "namespace-controller"
    private static let finalizer = "kubernetes"

    let name = Self.controllerName
    let client: any APIClient
    let namespaces: Informer
    let kinds: CustomKinds
    let clock: any WallClock

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let namespace = try namespaces.view(key, as: Namespace.self), namespace.isBeingDeleted,
            namespace.object[path: "spec", "finalizers"]?.strings.contains(Self.finalizer) == true
        else { return .done }
        let remaining = try await deleteContent(of: namespace.name)
        try await report(remaining, on: namespace)
        guard remaining.isEmpty else {
            // Pods take their grace periods; each deletion that completes is not an event of this controller.
            return .again(after: remaining.onlyPods ? .milliseconds(500) : .seconds(1))
        }
        var finished = try APIObject(decoding: try await client.get(key))
        let others = finished[path: "spec", "finalizers"]?.strings.filter { $0 != Self.finalizer } ?? []
        finished[path: "spec", "finalizers"] = others.isEmpty ? nil : .array(others.map(JSONValue.string))
        _ = try await client.update(Namespace.resource, finished, subresource: "finalize")
        return .done
    }

    /// What is left in a namespace.
    struct Remaining: Equatable {
        var counts: [String: Int] = [:]
        var finalizers: [String: Int] = [:]

        var isEmpty: Bool { counts.isEmpty }
        var onlyPods: Bool { Set(counts.keys) == [Pod.resource] }
    }

    private func deleteContent(of namespace: String) async throws -> Remaining {
        var remaining = Remaining()
        for resource in resources {
            for object in try await list(resource, namespace) {
                let decoded = try APIObject(decoding: object)
                if !decoded.isBeingDeleted { try await delete(object.key) }
            }
            let left = try await list(resource, namespace)
            if left.isEmpty { continue }
            remaining.counts[resource] = left.count
            for object in left {
                for finalizer in try APIObject(decoding: object).finalizers {
                    remaining.finalizers[finalizer, default: 0] += 1
                }
            }
        }
        return remaining
    }

    /// The storage names of all that a namespace may hold.
    private var resources: [String] {
        let builtIn = Schema.shared.resources.filter {
            $0.isNamespaced && $0.isStored && $0.version == $0.storageVersion && $0.group == $0.storageGroup
        }
        return builtIn.map(\.storageName) + kinds.all.filter(\.isNamespaced).map(\.storageName)
    }

    /// Of a custom resource whose definition goes at the same time nothing is left.
    private func list(_ resource: String, _ namespace: String) async throws -> [EncodedObject] {
        do { return try await client.list(resource, namespace: namespace).objects } catch let status
            as APIStatus
            where status.reason == .notFound
        {
            return []
        }
    }

    private func delete(_ key: ObjectKey) async throws {
        do {
            try await client.delete(key, options: DeleteOptions(propagation: .background))
        } catch let status as APIStatus where status.reason == .notFound {
            return
        }
    }

    /// The conditions that say why a namespace does not go, in Kubernetes' words.
    private func report(_ remaining: Remaining, on namespace: Namespace) async throws {
        var status = namespace.status
        let content = remaining.counts.sorted { $0.key < $1.key }
            .map { "\($0.key) has \($0.value) resource instances" }.joined(separator: ", ")
        let blockers = remaining.finalizers.sorted { $0.key < $1.key }
            .map { "\($0.key) in \($0.value) resource instances" }.joined(separator: ", ")
        let now = clock.now
        status.setCondition(
            "NamespaceContentRemaining", ConditionStatus(!remaining.isEmpty),
            reason: remaining.isEmpty ? "ContentRemoved" : "SomeResourcesRemain",
            message: remaining.isEmpty
                ? "All content successfully removed" : "Some resources are remaining: \(content)", now: now)
        status.setCondition(
            "NamespaceFinalizersRemaining", ConditionStatus(!blockers.isEmpty),
            reason: blockers.isEmpty ? "ContentHasNoFinalizers" : "SomeFinalizersRemain",
            message: blockers.isEmpty
                ? "All content-preserving finalizers finished"
                : "Some content in the namespace has finalizers remaining: \(blockers)", now: now)
        guard status != namespace.status, !remaining.isEmpty else { return }
        var updated = namespace
        updated.status = status
        updated.object[path: "metadata", "resourceVersion"] = nil
        _ = try await client.updateStatus(Namespace.resource, updated.object)
    }
}
