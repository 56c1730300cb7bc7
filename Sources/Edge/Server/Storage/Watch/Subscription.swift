public import EdgeBase
internal import Synchronization

/// A place in one resource's history. It buffers nothing: whoever owns it is woken when there is more, and
/// reads what is there with `next`. An owner that is too slow finds its place gone from the history
/// (`StorageError.expired`) and has to list again.
public final class Subscription: Sendable {
    public let resource: String
    /// Nil for all namespaces.
    public let namespace: String?

    private let core: StoreCore
    private let id: UInt64
    /// Everything up to this revision has been handed out. Taken before the store's mutex.
    private let cursor: Mutex<UInt64>

    init(core: StoreCore, id: UInt64, resource: String, namespace: String?, after revision: UInt64) {
        self.core = core
        self.id = id
        self.resource = resource
        self.namespace = namespace
        cursor = Mutex(revision)
    }

    deinit { cancel() }

    /// The owner knows of every change up to this revision: what a bookmark may promise.
    public var revision: UInt64 { cursor.withLock { $0 } }

    /// The changes that have come since the last call, oldest first, at most `maximum`. Empty when there are
    /// none: the next one calls `onChange`. Throws `expired` once changes have been missed.
    public func next(maximum: Int = 500) throws(StorageError) -> [ObjectChange] {
        try cursor.withLock { cursor throws(StorageError) in
            let (changes, end) = try core.memory.withLock { state throws(StorageError) in
                try state.read(
                    resource, namespace: namespace, after: cursor, maximum: max(maximum, 1))
            }
            cursor = max(cursor, end)
            return changes
        }
    }

    /// Ends the calls of `onChange`; one that is under way may still come.
    public func cancel() {
        let callback = core.memory.withLock { state in
            state.removeSubscription(id, resource: resource, namespace: namespace)
        }
        withExtendedLifetime(callback) {}
    }
}

extension MemoryState {
    /// Changes behind `cursor`, and the revision up to which the reader knows everything now.
    fileprivate func read(
        _ resource: String, namespace: String?, after cursor: UInt64, maximum: Int
    ) throws(StorageError) -> (changes: [ObjectChange], end: UInt64) {
        guard let table = tables[resource] else { return ([], revisions.current) }
        let lost = table.subscribers.dropped(namespace: namespace, historyStart: table.history.start)
        guard cursor >= lost else { throw .expired(revision: cursor, oldest: table.history.start) }
        let (changes, end) = table.history.changes(after: cursor, namespace: namespace, maximum: maximum)
        return (changes, end ?? revisions.current)
    }

    fileprivate mutating func removeSubscription(
        _ id: UInt64, resource: String, namespace: String?
    ) -> (@Sendable () -> Void)? {
        guard tables[resource] != nil else { return nil }
        return self[resource].subscribers.remove(id, namespace: namespace)
    }
}
