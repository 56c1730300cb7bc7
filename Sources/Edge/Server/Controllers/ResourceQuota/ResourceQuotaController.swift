internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Keeps the status of ResourceQuotas: what is used of what they limit.
public struct ResourceQuotaController: RunnableController {
    public let name = ResourceQuotaReconciler.controllerName
    private let controller: Controller<ResourceQuotaReconciler>
    private let kinds: CustomKinds
    private let set: InformerSet

    public init(_ context: ControllerContext) {
        var informers: [String: Informer] = [:]
        for resource in Schema.shared.resources
        where resource.isStored && resource.isNamespaced && resource.isStorageVersion {
            informers[resource.storageName] = context.informers.informer(resource.storageName)
        }
        kinds = CustomKinds(context)
        set = context.informers
        let reconciler = ResourceQuotaReconciler(
            client: context.client(name), informers: InformerTable(informers), clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async {
        let queue = controller.queue
        let informers = controller.reconciler.informers
        guard let quotas = controller.reconciler.quotas else { return }
        for informer in informers.all { Self.follow(informer, quotas, queue) }
        kinds.addHandler { [set] added, removed in
            for kind in added where kind.isNamespaced {
                let informer = set.informer(kind.storageName)
                informers.add(informer)
                Self.follow(informer, quotas, queue)
            }
            for kind in removed { informers.remove(kind.storageName) }
        }
        await controller.run()
    }

    private static func follow(_ informer: Informer, _ quotas: Informer, _ queue: WorkQueue<ObjectKey>) {
        informer.addHandler { changes in
            // A burst in one namespace is counted once.
            for namespace in Set(changes.map(\.object.key.namespace)) {
                for quota in quotas.list(namespace: namespace) { queue.add(quota.key) }
            }
        }
    }
}
