internal import EdgeAPI
internal import Synchronization

/// The scheduler's picture of nodes and pods, kept up by informer events, plus the decisions whose binding
/// has not come back as an event yet, so that the next cycle counts them.
final class SchedulerCache: Sendable {
    private struct Placement {
        let node: String
        let pod: PodInfo
        var isAssumed: Bool
    }

    private struct State {
        var nodes: [String: NodeInfo] = [:]
        var placements: [String: Placement] = [:]
    }

    private let state = Mutex(State())

    func snapshot() -> ClusterSnapshot {
        state.withLock { ClusterSnapshot($0.nodes.values) }
    }

    func setNode(_ node: Node) {
        state.withLock { state in
            var info = NodeInfo(node: node)
            for placement in state.placements.values where placement.node == node.name {
                info.add(placement.pod)
            }
            state.nodes[node.name] = info
        }
    }

    func removeNode(_ name: String) {
        _ = state.withLock { $0.nodes.removeValue(forKey: name) }
    }

    /// A pod that is bound and not finished.
    func setBound(_ pod: Pod) {
        place(PodInfo(pod), on: pod.spec.nodeName, isAssumed: false)
    }

    /// Counts a pod as placed until its binding is seen, or `forget` takes it back.
    func assume(_ pod: PodInfo, on node: String) {
        place(pod, on: node, isAssumed: true)
    }

    /// Takes an assumption back; a binding that was seen meanwhile stays.
    func forget(uid: String) {
        state.withLock { state in
            if state.placements[uid]?.isAssumed == true { Self.remove(uid, &state) }
        }
    }

    func removePod(uid: String) {
        state.withLock { Self.remove(uid, &$0) }
    }

    private func place(_ pod: PodInfo, on node: String, isAssumed: Bool) {
        state.withLock { state in
            Self.remove(pod.uid, &state)
            state.placements[pod.uid] = Placement(node: node, pod: pod, isAssumed: isAssumed)
            state.nodes[node]?.add(pod)
        }
    }

    private static func remove(_ uid: String, _ state: inout State) {
        guard let old = state.placements.removeValue(forKey: uid) else { return }
        state.nodes[old.node]?.remove(uid: uid)
    }
}
