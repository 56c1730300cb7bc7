internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the disruption reconciler to the budgets, the pods and those that run them.
public struct DisruptionController: RunnableController {
    public let name = DisruptionReconciler.controllerName
    private let controller: Controller<DisruptionReconciler>

    public init(_ context: ControllerContext) {
        let informers = context.informers
        let reconciler = DisruptionReconciler(
            client: context.client(name), budgets: informers.informer(PodDisruptionBudget.resource),
            pods: informers.informer(Pod.resource),
            owners: [
                "ReplicationController": informers.informer("replicationcontrollers"),
                "ReplicaSet.apps": informers.informer(ReplicaSet.resource),
                "Deployment.apps": informers.informer(Deployment.resource),
                "StatefulSet.apps": informers.informer(StatefulSet.resource),
            ], clock: context.clock)
        controller = Controller(reconciler, queue: context.queue())
    }

    public func run() async {
        let queue = controller.queue
        let budgets = controller.reconciler.budgets
        budgets.addHandler { changes in
            for change in changes { queue.add(change.object.key) }
        }
        controller.reconciler.pods.addHandler { changes in
            for change in changes { Self.enqueue(change, queue, budgets) }
        }
        for owner in controller.reconciler.owners.values {
            owner.addHandler { changes in
                for namespace in Set(changes.map(\.object.key.namespace)) {
                    for budget in budgets.list(namespace: namespace) { queue.add(budget.key) }
                }
            }
        }
        await controller.run()
    }

    /// The budgets of a pod as it is and as it was.
    private static func enqueue(_ change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ budgets: Informer) {
        let candidates = budgets.views(
            namespace: change.object.key.namespace, as: PodDisruptionBudget.self)
        guard !candidates.isEmpty else { return }
        let versions = [change.object, change.previous].compactMap { $0.flatMap { try? Pod(decoding: $0) } }
        for budget in candidates where versions.contains(where: { budget.spec.selector.matches($0) }) {
            queue.add(budget.key)
        }
    }
}
