internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the EndpointSlice reconciler to its events.
public struct EndpointSliceController: RunnableController {
    public let name = EndpointSliceReconciler.controllerName
    private let controller: Controller<EndpointSliceReconciler>

    public init(_ context: ControllerContext) {
        let informers = context.informers
        let reconciler = EndpointSliceReconciler(
            client: context.client(name), endpointsClient: context.client("endpoint-controller"),
            services: informers.informer(Service.resource), pods: informers.informer(Pod.resource),
            slices: informers.informer(EndpointSlice.resource),
            endpoints: informers.informer(Endpoints.resource))
        controller = Controller(reconciler, queue: context.queue(), workers: 4)
    }

    public func run() async {
        let queue = controller.queue
        let services = controller.reconciler.services
        services.addHandler { changes in
            for change in changes { queue.add(change.object.key) }
        }
        controller.reconciler.pods.addHandler { changes in
            for change in changes { Self.enqueueServices(of: change, queue, services) }
        }
        // A slice that somebody else changed or deleted is put right.
        controller.reconciler.slices.addHandler { changes in
            for change in changes {
                guard let slice = try? EndpointSlice(decoding: change.object),
                    slice[label: "endpointslice.kubernetes.io/managed-by"] == EndpointSlicePlan.managedBy,
                    let service = slice[label: "kubernetes.io/service-name"]
                else { continue }
                queue.add(ObjectKey(resource: Service.resource, namespace: slice.namespace, name: service))
            }
        }
        await controller.run()
    }

    private static func enqueueServices(
        of change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ services: Informer
    ) {
        let versions = [change.object, change.previous].compactMap { $0.flatMap { try? Pod(decoding: $0) } }
        guard let pod = versions.first, !isIrrelevant(change, versions) else { return }
        for service in services.views(namespace: pod.namespace, as: Service.self)
        where !service.spec.selector.isEmpty {
            let selector = LabelSelector(labels: service.spec.selector)
            if versions.contains(where: { selector.matches($0) }) { queue.add(service.key) }
        }
    }

    /// A change of nothing that an endpoint is made of.
    private static func isIrrelevant(_ change: ObjectChange, _ versions: [Pod]) -> Bool {
        guard change.kind == .modified, versions.count == 2 else { return false }
        let (new, old) = (versions[0], versions[1])
        return new.labels == old.labels && new.addresses == old.addresses && new.isReady == old.isReady
            && new.isTerminal == old.isTerminal && new.isBeingDeleted == old.isBeingDeleted
            && new.nodeName == old.nodeName
    }
}
