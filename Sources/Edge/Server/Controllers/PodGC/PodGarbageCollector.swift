internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Removes pods that no kubelet will ever finish: those of a node that is gone, those that were deleted before
/// they got a node, and finished ones beyond a number.
public struct PodGarbageCollector: RunnableController {
    static let controllerName = "pod-garbage-collector"

    public let name = Self.controllerName
    private let controller: Controller<PodGCReconciler>

    public init(_ context: ControllerContext) {
        let reconciler = PodGCReconciler(
            client: context.client(name), pods: context.informers.informer(Pod.resource),
            nodes: context.informers.informer(Node.resource))
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async {
        let queue = controller.queue
        let pods = controller.reconciler.pods
        pods.addHandler { changes in
            for change in changes where change.kind != .deleted { queue.add(change.object.key) }
        }
        controller.reconciler.nodes.addHandler { changes in
            for change in changes where change.kind == .deleted {
                for pod in pods.indexed(by: ControllerIndexes.node, change.object.key.name) {
                    queue.add(pod.key)
                }
            }
        }
        await controller.run()
    }
}

struct PodGCReconciler: Reconciler {
    /// How long a node may be missing before its pods count as lost: it may just be joining again.
    private static let quarantine: Duration = .seconds(40)
    /// Kubernetes' bound of finished pods that are kept.
    private static let maximumTerminated = 12500

    let name = PodGarbageCollector.controllerName
    let client: any APIClient
    let pods: Informer
    let nodes: Informer
    private let missing = MissingNodes()

    init(client: any APIClient, pods: Informer, nodes: Informer) {
        self.client = client
        self.pods = pods
        self.nodes = nodes
    }

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let pod = try pods.view(key, as: Pod.self) else { return .done }
        if pod.nodeName.isEmpty {
            if pod.isBeingDeleted { try await remove(pod) }
            return .done
        }
        if nodes.get(name: pod.nodeName) != nil {
            missing.found(pod.nodeName)
            if pod.isTerminal { try await trimTerminated() }
            return .done
        }
        let remaining = Self.quarantine - missing.age(of: pod.nodeName)
        if remaining > .zero { return .again(after: remaining) }
        // The informer might lag; the store does not.
        guard (try? await client.get(ObjectKey(resource: Node.resource, name: pod.nodeName))) == nil else {
            return .done
        }
        try await markFailed(pod)
        try await remove(pod)
        return .done
    }

    private func markFailed(_ pod: Pod) async throws {
        guard !pod.isTerminal else { return }
        let patch: JSONValue = [
            "status": [
                "phase": "Failed",
                "conditions": [
                    [
                        "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC",
                        "message": "PodGC: node no longer exists",
                    ]
                ],
            ]
        ]
        _ = try await client.patch(pod.key, Patch(.strategicMerge, patch), subresource: "status")
    }

    private func remove(_ pod: Pod) async throws {
        do {
            try await client.delete(pod.key, options: DeleteOptions(gracePeriodSeconds: 0, uid: pod.uid))
        } catch let status as APIStatus where status.reason == .notFound || status.reason == .conflict {
            return
        }
    }

    private func trimTerminated() async throws {
        guard pods.list().count > Self.maximumTerminated else { return }
        let finished = pods.views(namespace: nil, as: Pod.self).filter(\.isTerminal)
            .sorted { ($0.creationTimestamp ?? .distantPast) < ($1.creationTimestamp ?? .distantPast) }
        for pod in finished.dropLast(Self.maximumTerminated) { try await remove(pod) }
    }
}
