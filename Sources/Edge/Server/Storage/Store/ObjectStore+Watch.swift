internal import EdgeBase
internal import Synchronization

extension ObjectStore {
    /// Follows a resource in a namespace (nil for all) from a revision on, as a list or another watch gave it.
    /// Changes that are there already do not call `onChange`: begin with `next`.
    ///
    /// `onChange` is called at most once for each transaction that has a matching change, on the writer's or
    /// another writer's thread, outside of all locks: it must be short, and only wake its owner up. The store
    /// holds it until the subscription is cancelled or dropped, so it should hold its owner weakly.
    ///
    /// Throws `expired` if the history does not reach back so far (after a restart: to no revision before the
    /// start), `notYet` for a future revision.
    public func subscribe(
        _ resource: String, namespace: String? = nil, after revision: UInt64,
        onChange: @escaping @Sendable () -> Void
    ) throws(StorageError) -> Subscription {
        let id = try core.memory.withLock { state throws(StorageError) in
            try state.addSubscription(resource, namespace: namespace, after: revision, onChange: onChange)
        }
        return Subscription(core: core, id: id, resource: resource, namespace: namespace, after: revision)
    }
}

extension MemoryState {
    fileprivate mutating func addSubscription(
        _ resource: String, namespace: String?, after revision: UInt64,
        onChange: @escaping @Sendable () -> Void
    ) throws(StorageError) -> UInt64 {
        guard revision <= revisions.current else {
            throw .notYet(revision: revision, current: revisions.current)
        }
        let oldest = self[resource].history.start
        guard revision >= oldest else { throw .expired(revision: revision, oldest: oldest) }
        nextSubscription += 1
        self[resource].subscribers.add(
            nextSubscription, namespace: namespace, historyStart: oldest, onChange: onChange)
        return nextSubscription
    }
}
