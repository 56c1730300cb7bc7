internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// When a pod has to leave its node because of NoExecute taints.
enum TaintEviction: Equatable {
    case stays
    case leaves(after: Duration)

    init(pod: Pod, taints: [Taint], now: Timestamp) {
        let effective = taints.filter { $0.effect == "NoExecute" }
        var deadline: Duration?
        for taint in effective {
            let matching = pod.spec.tolerations.filter { $0.tolerates(taint) }
            guard !matching.isEmpty else {
                self = .leaves(after: .zero)
                return
            }
            // Of several tolerations the shortest counts; one without a limit sets none.
            let limits = matching.compactMap { $0.json["tolerationSeconds"]?.int }
            guard let seconds = limits.min() else { continue }
            let remaining = Duration.seconds(max(0, seconds)) - (now - (taint.timeAdded ?? now))
            deadline = min(deadline ?? remaining, remaining)
        }
        self = deadline.map { .leaves(after: max(.zero, $0)) } ?? .stays
    }
}

/// Deletes pods from tainted nodes once their tolerations have run out.
struct TaintEvictionReconciler: Reconciler {
    let name = "taint-eviction-controller"
    let client: any APIClient
    let nodes: Informer
    let pods: Informer
    let recorder: EventRecorder
    let clock: any WallClock

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let pod = try pods.view(key, as: Pod.self), !pod.nodeName.isEmpty, !pod.isBeingDeleted,
            let node = try nodes.view(ObjectKey(resource: Node.resource, name: pod.nodeName), as: Node.self)
        else { return .done }
        switch TaintEviction(pod: pod, taints: node.spec.taints, now: clock.now) {
        case .stays: return .done
        case .leaves(let delay) where delay > .zero: return .again(after: delay)
        case .leaves:
            recorder.record(
                .normal, "TaintManagerEviction", "Marking for deletion Pod \(pod.namespace)/\(pod.name)",
                about: pod.object)
            do {
                try await client.delete(key, options: DeleteOptions(uid: pod.uid))
            } catch let status as APIStatus where status.reason == .notFound || status.reason == .conflict {
                return .done
            }
            return .done
        }
    }
}
