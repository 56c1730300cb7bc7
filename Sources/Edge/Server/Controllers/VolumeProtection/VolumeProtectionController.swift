internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Lets claims and volumes go once nobody uses them.
public struct VolumeProtectionController: RunnableController {
    public let name = VolumeProtectionReconciler.controllerName
    private let controller: Controller<VolumeProtectionReconciler>

    public init(_ context: ControllerContext) {
        let informers = context.informers
        let resources = [VolumeProtectionReconciler.claims, VolumeProtectionReconciler.volumes]
        let reconciler = VolumeProtectionReconciler(
            client: context.client(name),
            objects: Dictionary(uniqueKeysWithValues: resources.map { ($0, informers.informer($0)) }),
            pods: informers.informer(Pod.resource))
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async {
        let queue = controller.queue
        let objects = controller.reconciler.objects
        for informer in objects.values {
            informer.addHandler { changes in
                for change in changes where change.kind != .deleted { queue.add(change.object.key) }
            }
        }
        let claims = objects[VolumeProtectionReconciler.claims]
        controller.reconciler.pods.addHandler { changes in
            for namespace in Set(changes.map(\.object.key.namespace)) {
                // A pod that has gone or ended may have been the last to use a claim.
                for claim in claims?.list(namespace: namespace) ?? [] { queue.add(claim.key) }
            }
        }
        await controller.run()
    }
}
