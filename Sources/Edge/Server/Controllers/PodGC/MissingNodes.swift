internal import Synchronization

/// Since when nodes that pods refer to have been missing.
final class MissingNodes: Sendable {
    private let since = Mutex<[String: ContinuousClock.Instant]>([:])

    func age(of node: String) -> Duration {
        since.withLock { since in
            let now = ContinuousClock.now
            let start = since[node] ?? now
            since[node] = start
            return now - start
        }
    }

    func found(_ node: String) {
        _ = since.withLock { $0.removeValue(forKey: node) }
    }
}
