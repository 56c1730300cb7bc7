internal import EdgeBase
internal import Synchronization

/// The newest revision that a reconciler has written for each key.
final class RevisionMemory: Sendable {
    private let revisions = Mutex<[ObjectKey: UInt64]>([:])

    func revision(_ key: ObjectKey) -> UInt64 { revisions.withLock { $0[key] ?? 0 } }
    func note(_ revision: UInt64, _ key: ObjectKey) {
        revisions.withLock { $0[key] = max($0[key] ?? 0, revision) }
    }
    func forget(_ key: ObjectKey) { _ = revisions.withLock { $0.removeValue(forKey: key) } }
}
