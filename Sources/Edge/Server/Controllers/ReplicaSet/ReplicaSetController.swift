internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the ReplicaSet reconciler to its events.
public struct ReplicaSetController: RunnableController {
    public let name = ReplicaSetReconciler.controllerName
    private let controller: Controller<ReplicaSetReconciler>
    private let recorder: EventRecorder

    public init(_ context: ControllerContext) {
        recorder = context.recorder(name)
        let reconciler = ReplicaSetReconciler(
            client: context.client(name), sets: context.informers.informer(ReplicaSet.resource),
            pods: context.informers.informer(Pod.resource), recorder: recorder, clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 4)
    }

    public func run() async {
        let queue = controller.queue
        let reconciler = controller.reconciler
        reconciler.sets.addHandler { changes in
            for change in changes { queue.add(change.object.key) }
        }
        reconciler.pods.addHandler { changes in
            for change in changes { Self.enqueueOwners(of: change, queue, reconciler) }
        }
        await withTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await controller.run() }
        }
    }

    /// The set that owns the pod, or owned it; for an orphan every set that might adopt it.
    private static func enqueueOwners(
        of change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ reconciler: ReplicaSetReconciler
    ) {
        let versions = [change.object, change.previous].compactMap { $0.flatMap { try? Pod(decoding: $0) } }
        guard let pod = versions.first else { return }
        if change.kind == .deleted || pod.isBeingDeleted { reconciler.memory.forgetDeleted(pod.uid) }
        var owners = Set(
            versions.compactMap(\.controllerReference).filter { $0.kind == ReplicaSet.kind }.map(\.name))
        if pod.controllerReference == nil, change.kind != .deleted, !pod.labels.isEmpty {
            let sets = reconciler.sets.views(namespace: pod.namespace, as: ReplicaSet.self)
            owners.formUnion(sets.filter { $0.spec.selector.matches(pod) }.map(\.name))
        }
        for owner in owners {
            queue.add(ObjectKey(resource: ReplicaSet.resource, namespace: pod.namespace, name: owner))
        }
    }
}
