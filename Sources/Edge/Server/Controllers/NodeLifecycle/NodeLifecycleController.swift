internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Wires the node reconciler to its events. Lease renewals wake nobody: each node is looked at when its grace
/// period would be over, and by then the newest renewal counts.
public struct NodeLifecycleController: RunnableController {
    public let name = NodeLifecycleReconciler.controllerName
    private let controller: Controller<NodeLifecycleReconciler>
    private let eviction: Controller<TaintEvictionReconciler>
    private let recorder: EventRecorder

    public init(_ context: ControllerContext, gracePeriod: Duration = .seconds(40)) {
        recorder = context.recorder(name)
        let informers = context.informers
        let client = context.client(name)
        let nodes = informers.informer(Node.resource)
        let pods = informers.informer(Pod.resource)
        controller = Controller(
            NodeLifecycleReconciler(
                client: client, nodes: nodes, leases: informers.informer(Lease.resource), pods: pods,
                recorder: recorder, gracePeriod: gracePeriod, clock: context.clock,
                startedAt: context.clock.now), queue: context.queue(),
            workers: 2)
        eviction = Controller(
            TaintEvictionReconciler(
                client: client, nodes: nodes, pods: pods, recorder: recorder, clock: context.clock),
            queue: context.queue(), workers: 2)
    }

    public func run() async {
        let queue = controller.queue
        let evictions = eviction.queue
        let pods = controller.reconciler.pods
        controller.reconciler.nodes.addHandler { changes in
            for change in changes where change.kind != .deleted {
                if Self.isHeartbeat(change) { continue }
                queue.add(change.object.key)
                for pod in pods.indexed(by: ControllerIndexes.node, change.object.key.name) {
                    evictions.add(pod.key)
                }
            }
        }
        pods.addHandler { changes in
            for change in changes where change.kind == .added { evictions.add(change.object.key) }
            // A pod becomes evictable when it is bound.
            for change in changes where change.kind == .modified && Self.wasBound(change) {
                evictions.add(change.object.key)
            }
        }
        await withTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await controller.run() }
            group.addTask { await eviction.run() }
        }
    }

    /// A change of nothing but heartbeat times.
    private static func isHeartbeat(_ change: ObjectChange) -> Bool {
        guard let new = try? Node(decoding: change.object),
            let old = change.previous.flatMap({ try? Node(decoding: $0) })
        else { return false }
        return new.spec == old.spec
            && new.status.conditions.map { [$0.type, $0.status.rawValue, $0.reason] }
                == old.status.conditions.map { [$0.type, $0.status.rawValue, $0.reason] }
    }

    private static func wasBound(_ change: ObjectChange) -> Bool {
        guard let new = try? Pod(decoding: change.object),
            let old = change.previous.flatMap({ try? Pod(decoding: $0) })
        else { return false }
        return old.nodeName.isEmpty && !new.nodeName.isEmpty
    }
}
