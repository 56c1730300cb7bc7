internal import DequeModule
internal import EdgeBase

/// The last changes of one resource, oldest first: what watches read and what lists at an earlier revision
/// undo. Bounded by count, and by the bytes that only the history keeps alive: the versions that a change
/// replaced, and the deletions' own. Current objects are counted nowhere, since the index holds them anyway.
struct ChangeHistory: Sendable {
    /// Large objects never push the history below this count, or one commit could outrun every watcher.
    private static let minimumCount = 16

    private var changes = Deque<ObjectChange>()
    /// All changes behind this revision are here.
    private(set) var start: UInt64
    private(set) var bytes = 0

    init(start: UInt64) { self.start = start }

    mutating func append(_ change: ObjectChange) {
        changes.append(change)
        bytes += Self.cost(change)
    }

    /// Takes out the oldest change if there are too many.
    mutating func trim(count: Int, bytes limit: Int) -> ObjectChange? {
        guard changes.count > count || (bytes > limit && changes.count > Self.minimumCount),
            let oldest = changes.popFirst()
        else { return nil }
        bytes -= Self.cost(oldest)
        start = oldest.revision
        return oldest
    }

    private static func cost(_ change: ObjectChange) -> Int {
        (change.previous?.bytes.count ?? 0) + (change.kind == .deleted ? change.object.bytes.count : 0)
    }

    /// At most `maximum` changes behind `cursor` that lie in the namespace (nil for any). `end` is the
    /// revision up to which the history has been looked through, nil when that is all of it.
    func changes(
        after cursor: UInt64, namespace: String?, maximum: Int
    ) -> (changes: [ObjectChange], end: UInt64?) {
        var found: [ObjectChange] = []
        var index = changes.partitionPoint { $0.revision <= cursor }
        while index < changes.count {
            let change = changes[index]
            if namespace == nil || change.object.key.namespace == namespace {
                guard found.count < maximum else { return (found, changes[index - 1].revision) }
                found.append(change)
            }
            index += 1
        }
        return (found, nil)
    }

    /// What has to be undone to see the objects as they were at `revision`: for each changed name its version
    /// then, or nil if it was absent.
    func differences(since revision: UInt64, namespace: String?) -> [ObjectKey: EncodedObject?] {
        var before: [ObjectKey: EncodedObject?] = [:]
        for change in changes.reversed() {
            guard change.revision > revision else { break }
            guard namespace == nil || change.object.key.namespace == namespace else { continue }
            before.updateValue(change.previous, forKey: change.object.key)
        }
        return before
    }
}
