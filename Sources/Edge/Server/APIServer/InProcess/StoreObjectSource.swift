internal import EdgeAPI
internal import EdgeBase
public import EdgeClient
public import EdgeStorage
internal import Synchronization

/// Feeds informers within the server process from the store's own commit stream: the informers hold the
/// store's objects themselves. It stands behind the controllers' authorization: only edge's own code has it.
public struct StoreObjectSource: ObjectSource {
    private let store: ObjectStore
    private static let batchSize = 256

    public init(store: ObjectStore) {
        self.store = store
    }

    public func list(_ scope: WatchScope) async throws -> EdgeClient.ObjectList {
        let filter = try filter(scope)
        let list = store.list(scope.resource, namespace: scope.namespace)
        let objects = filter.matchesEverything ? list.objects : list.objects.filter { filter.matches($0) }
        return EdgeClient.ObjectList(objects: objects, revision: list.revision)
    }

    public func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        let filter = try filter(scope)
        // One pending signal is enough: the subscription tells what is new.
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let subscription = try APIStatus.whileReading { () throws(StorageError) in
            try store.subscribe(scope.resource, namespace: scope.namespace, after: revision) {
                signal.yield()
            }
        }
        defer { subscription.cancel() }
        signal.yield()
        for await _ in signals {
            while true {
                let changes = try APIStatus.whileReading { () throws(StorageError) in
                    try subscription.next(maximum: Self.batchSize)
                }
                guard let last = changes.last else { break }
                await deliver(
                    WatchBatch(changes: changes.compactMap { Self.seen($0, filter) }, revision: last.revision)
                )
            }
        }
        try Task.checkCancellation()
    }

    /// A change as somebody with this filter sees it; nil when not at all.
    private static func seen(_ change: ObjectChange, _ filter: ObjectFilter) -> ObjectChange? {
        switch filter.outcome(of: change) {
        case .invisible: nil
        case .added: ObjectChange(kind: .added, object: change.object, previous: nil)
        case .modified: change
        case .deleted: ObjectChange(kind: .deleted, object: change.object, previous: change.previous)
        }
    }

    private func filter(_ scope: WatchScope) throws -> ObjectFilter {
        // Of a custom resource the filter needs to know no more than its name.
        let resource = Schema.shared.stored(scope.resource) ?? .unknown(scope.resource)
        let query = try ListQuery(resource: resource) { name in
            switch name {
            case "labelSelector": scope.labelSelector
            case "fieldSelector": scope.fieldSelector
            default: nil
            }
        }
        return ObjectFilter(query, resource: resource)
    }
}
