internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the namespace reconciler to its events.
public struct NamespaceController: RunnableController {
    public let name = NamespaceReconciler.controllerName
    private let controller: Controller<NamespaceReconciler>

    public init(_ context: ControllerContext) {
        let reconciler = NamespaceReconciler(
            client: context.client(name), namespaces: context.informers.informer(Namespace.resource),
            kinds: CustomKinds(context), clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async {
        let queue = controller.queue
        controller.reconciler.namespaces.addHandler { changes in
            for change in changes where change.kind != .deleted { queue.add(change.object.key) }
        }
        await controller.run()
    }
}
