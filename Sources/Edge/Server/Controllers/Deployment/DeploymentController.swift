internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the Deployment reconciler to its events.
public struct DeploymentController: RunnableController {
    public let name = DeploymentReconciler.controllerName
    private let controller: Controller<DeploymentReconciler>
    private let recorder: EventRecorder

    public init(_ context: ControllerContext) {
        recorder = context.recorder(name)
        let reconciler = DeploymentReconciler(
            client: context.client(name), deployments: context.informers.informer(Deployment.resource),
            sets: context.informers.informer(ReplicaSet.resource),
            pods: context.informers.informer(Pod.resource),
            recorder: recorder, clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 4)
    }

    public func run() async {
        let queue = controller.queue
        let reconciler = controller.reconciler
        reconciler.deployments.addHandler { changes in
            for change in changes { queue.add(change.object.key) }
        }
        reconciler.sets.addHandler { changes in
            for change in changes { Self.enqueueOwners(of: change, queue, reconciler.deployments) }
        }
        // Only a Recreate roll-out waits for pods to go.
        reconciler.pods.addHandler { changes in
            for change in changes where change.kind == .deleted {
                Self.enqueueRecreating(change, queue, reconciler)
            }
        }
        await withTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await controller.run() }
        }
    }

    private static func enqueueOwners(
        of change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ deployments: Informer
    ) {
        let versions = [change.object, change.previous].compactMap {
            $0.flatMap { try? ReplicaSet(decoding: $0) }
        }
        guard let set = versions.first else { return }
        var owners = Set(
            versions.compactMap(\.controllerReference).filter { $0.kind == Deployment.kind }.map(\.name))
        if set.controllerReference == nil, change.kind != .deleted {
            let candidates = deployments.views(namespace: set.namespace, as: Deployment.self)
            owners.formUnion(candidates.filter { $0.spec.selector.matches(set) }.map(\.name))
        }
        for owner in owners {
            queue.add(ObjectKey(resource: Deployment.resource, namespace: set.namespace, name: owner))
        }
    }

    private static func enqueueRecreating(
        _ change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ reconciler: DeploymentReconciler
    ) {
        guard let pod = try? Pod(decoding: change.object), let owner = pod.controllerReference,
            owner.kind == ReplicaSet.kind,
            let stored = reconciler.sets.get(namespace: pod.namespace, name: owner.name),
            let set = try? ReplicaSet(decoding: stored), let deployment = set.controllerReference
        else { return }
        let key = ObjectKey(resource: Deployment.resource, namespace: pod.namespace, name: deployment.name)
        let present = try? reconciler.deployments.view(key, as: Deployment.self)
        if present?.spec.strategy.type == "Recreate" { queue.add(key) }
    }
}
