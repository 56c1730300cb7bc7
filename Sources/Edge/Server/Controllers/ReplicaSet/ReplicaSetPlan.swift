internal import EdgeAPI
internal import EdgeBase

/// What a ReplicaSet has to do: how many pods to make, or which to delete.
enum ReplicaSetPlan: Equatable {
    case nothing
    case create(Int)
    case delete([String])

    /// - Parameter pods: the set's own pods that are neither finished nor being deleted.
    init(desired: Int, pods: [Pod], now: Timestamp) {
        let difference = desired - pods.count
        if difference > 0 {
            self = .create(difference)
        } else if difference < 0 {
            let ranked = DeletionRank.sorted(pods, now: now)
            self = .delete(ranked.prefix(-difference).map(\.name))
        } else {
            self = .nothing
        }
    }
}

/// Which pods go first when a set shrinks, by Kubernetes' order: those that are of the least use.
enum DeletionRank {
    private static let costAnnotation = "controller.kubernetes.io/pod-deletion-cost"

    static func sorted(_ pods: [Pod], now: Timestamp) -> [Pod] {
        let perNode = Dictionary(grouping: pods, by: \.nodeName).mapValues(\.count)
        return pods.map { ($0, key($0, perNode[$0.nodeName] ?? 0, now)) }
            .sorted { left, right in left.1.lexicographicallyPrecedes(right.1) }
            .map(\.0)
    }

    /// Compared element by element, the smallest goes first.
    private static func key(_ pod: Pod, _ siblings: Int, _ now: Timestamp) -> [Double] {
        let phase: Double =
            switch pod.status.phase {
            case "Pending": 0
            case "Running": 2
            default: 1
            }
        let readySince = pod.status.condition("Ready").flatMap { $0.isTrue ? $0.lastTransitionTime : nil }
        let restarts = pod.status.containerStatuses.map(\.restartCount).max() ?? 0
        return [
            pod.nodeName.isEmpty ? 0 : 1,
            phase,
            pod.isReady ? 1 : 0,
            Double(pod[annotation: costAnnotation] ?? "") ?? 0,
            -Double(siblings),
            // Ready and made a short time ago goes first: the age on a logarithmic scale, so that nearly
            // equal ages do not decide.
            readySince.map { bucket(now - $0) } ?? 0,
            -Double(restarts),
            pod.creationTimestamp.map { bucket(now - $0) } ?? 0,
        ]
    }

    private static func bucket(_ age: Duration) -> Double {
        var bucket = 0.0
        var seconds = max(age.inSeconds, 0)
        while seconds >= 1 {
            seconds /= 2
            bucket += 1
        }
        return bucket
    }
}
