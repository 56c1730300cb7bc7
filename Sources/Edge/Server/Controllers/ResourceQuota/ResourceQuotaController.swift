internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Keeps the status of ResourceQuotas: what is used of what they limit.
public struct ResourceQuotaController: RunnableController {
    public let name = ResourceQuotaReconciler.controllerName
    private let controller: Controller<ResourceQuotaReconciler>

    public init(_ context: ControllerContext) {
        var informers: [String: Informer] = [:]
        for resource in Schema.shared.resources
        where resource.isStored && resource.isNamespaced && resource.isStorageVersion {
            informers[resource.storageName] = context.informers.informer(resource.storageName)
        }
        let reconciler = ResourceQuotaReconciler(
            client: context.client(name), informers: informers, clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async {
        let queue = controller.queue
        guard let quotas = controller.reconciler.quotas else { return }
        for informer in controller.reconciler.informers.values {
            informer.addHandler { changes in
                // A burst in one namespace is counted once.
                for namespace in Set(changes.map(\.object.key.namespace)) {
                    for quota in quotas.list(namespace: namespace) { queue.add(quota.key) }
                }
            }
        }
        await controller.run()
    }
}
