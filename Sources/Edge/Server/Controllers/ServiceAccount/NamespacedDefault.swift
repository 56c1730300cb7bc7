internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Keeps one object of a kind in every namespace that is not on its way out.
struct NamespacedDefault: Reconciler {
    let name: String
    let client: any APIClient
    let namespaces: Informer
    let objects: Informer
    /// The object for a namespace; its `data`, if it has any, is kept as it is here.
    let wanted: @Sendable (_ namespace: String) -> APIObject

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let namespace = try namespaces.view(key, as: Namespace.self), !namespace.isBeingDeleted else {
            return .done
        }
        let object = wanted(namespace.name)
        do {
            guard let stored = objects.get(namespace: namespace.name, name: object.name) else {
                _ = try await client.create(objects.scope.resource, object)
                return .done
            }
            var present = try APIObject(decoding: stored)
            guard present["data"] != object["data"] else { return .done }
            present["data"] = object["data"]
            _ = try await client.update(objects.scope.resource, present)
        } catch let status as APIStatus where status.isNamespaceTerminating || status.reason == .alreadyExists
        {
            return .done
        }
        return .done
    }

    func run(_ controller: Controller<NamespacedDefault>) async {
        let queue = controller.queue
        namespaces.addHandler { changes in
            for change in changes where change.kind != .deleted { queue.add(change.object.key) }
        }
        let name = wanted("").name
        objects.addHandler { changes in
            for change in changes where change.object.key.name == name {
                queue.add(ObjectKey(resource: Namespace.resource, name: change.object.key.namespace))
            }
        }
        await controller.run()
    }
}
