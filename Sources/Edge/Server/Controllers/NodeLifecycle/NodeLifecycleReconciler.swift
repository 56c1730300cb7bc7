internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Watches over the nodes: marks those that have fallen silent, and keeps the taints true to the conditions.
struct NodeLifecycleReconciler: Reconciler {
    static let controllerName = "node-controller"

    let name = Self.controllerName
    let client: any APIClient
    let nodes: Informer
    let leases: Informer
    let pods: Informer
    let recorder: EventRecorder
    let gracePeriod: Duration
    let clock: any WallClock
    /// Before that nobody could say anything: renewals of leases are not kept over a restart of the server.
    let startedAt: Timestamp

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard var node = try nodes.view(key, as: Node.self), !node.isBeingDeleted else { return .done }
        let now = clock.now
        let health = NodeHealth(node: node, lastSign: lastSign(of: node), gracePeriod: gracePeriod, now: now)
        if let status = health.conditions(of: node, now: now) {
            node.status = status
            recorder.record(
                .normal, "NodeNotReady", "Node \(node.name) status is now: NodeNotReady", about: node.object)
            node = try Node(decoding: try await client.updateStatus(Node.resource, node.object))
        }
        let taints = NodeHealth.taints(for: node, now: now)
        if taints != node.spec.taints {
            var spec = node.spec
            spec.taints = taints
            node.spec = spec
            node = try Node(decoding: try await client.update(Node.resource, node.object))
        }
        if !node.isReady { try await markPodsUnready(on: node, now) }
        return health.nextCheck.map { .again(after: $0) } ?? .done
    }

    func lastSign(of node: Node) -> Timestamp? {
        let lease = leases.get(namespace: "kube-node-lease", name: node.name).flatMap {
            try? Lease(decoding: $0)
        }
        let heartbeat = node.status.condition("Ready")?.lastHeartbeatTime
        return [
            lease?.object[path: "spec", "renewTime"]?.string.flatMap { Timestamp(rfc3339: $0) }, heartbeat,
            startedAt,
        ]
        .compactMap { $0 }.max()
    }

    /// Pods of a node that does not answer serve nobody: Services must leave them out.
    private func markPodsUnready(on node: Node, _ now: Timestamp) async throws {
        guard node.status.condition("Ready")?.status == .unknown else { return }
        for var pod in pods.views(index: ControllerIndexes.node, node.name, as: Pod.self) where pod.isReady {
            var status = pod.status
            status.setCondition("Ready", .false, now: now)
            pod.status = status
            let conditions = pod.object[path: "status", "conditions"] ?? []
            do {
                _ = try await client.patch(
                    pod.key, Patch(.strategicMerge, ["status": ["conditions": conditions]]),
                    subresource: "status")
            } catch let failure as APIStatus where failure.reason == .notFound {
                continue
            }
        }
    }
}
