internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Mirrors Endpoints that users maintain by hand into EndpointSlices, which is what the proxy reads.
struct EndpointSliceMirroringReconciler: Reconciler {
    static let controllerName = "endpointslicemirroring-controller"

    let name = Self.controllerName
    let client: any APIClient
    let services: Informer
    let endpoints: Informer
    let slices: Informer
    let memory = RevisionMemory()

    /// - Parameter key: of the Endpoints.
    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        let found = try endpoints.view(key, as: Endpoints.self)
        let service = try services.view(
            ObjectKey(resource: Service.resource, namespace: key.namespace, name: key.name), as: Service.self)
        try await slices.waitUntil(revision: memory.revision(key))
        let present = slices.views(namespace: key.namespace, as: EndpointSlice.self).filter {
            $0[label: "kubernetes.io/service-name"] == key.name
                && $0[label: "endpointslice.kubernetes.io/managed-by"] == MirrorPlan.managedBy
                && !$0.isBeingDeleted
        }
        let mirrored = found.flatMap { MirrorPlan.isMirrored($0, service) ? $0 : nil }
        let plan = MirrorPlan(mirrored, present: present)
        for object in plan.create {
            memory.note(try await client.create(EndpointSlice.resource, object).revision, key)
        }
        for object in plan.update {
            memory.note(try await client.update(EndpointSlice.resource, object).revision, key)
        }
        for slice in plan.delete {
            do { try await client.delete(slice.key) } catch let status as APIStatus
                where status.reason == .notFound
            {}
        }
        if found == nil { memory.forget(key) }
        return .done
    }
}

/// Wires the mirror to the Endpoints, their Services and its own slices.
public struct EndpointSliceMirroringController: RunnableController {
    public let name = EndpointSliceMirroringReconciler.controllerName
    private let controller: Controller<EndpointSliceMirroringReconciler>

    public init(_ context: ControllerContext) {
        let informers = context.informers
        controller = Controller(
            EndpointSliceMirroringReconciler(
                client: context.client(name), services: informers.informer(Service.resource),
                endpoints: informers.informer(Endpoints.resource),
                slices: informers.informer(EndpointSlice.resource)),
            queue: context.queue(), workers: 1)
    }

    public func run() async {
        let queue = controller.queue
        controller.reconciler.endpoints.addHandler { changes in
            for change in changes { queue.add(change.object.key) }
        }
        controller.reconciler.services.addHandler { changes in
            for change in changes { queue.add(Self.endpoints(of: change.object.key)) }
        }
        controller.reconciler.slices.addHandler { changes in
            for change in changes {
                guard let slice = try? EndpointSlice(decoding: change.object),
                    slice[label: "endpointslice.kubernetes.io/managed-by"] == MirrorPlan.managedBy,
                    let service = slice[label: "kubernetes.io/service-name"]
                else { continue }
                queue.add(
                    ObjectKey(resource: Endpoints.resource, namespace: slice.namespace, name: service))
            }
        }
        await controller.run()
    }

    private static func endpoints(of service: ObjectKey) -> ObjectKey {
        ObjectKey(resource: Endpoints.resource, namespace: service.namespace, name: service.name)
    }
}
