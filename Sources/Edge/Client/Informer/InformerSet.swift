internal import Synchronization

/// The informers that the components of one process share: one per scope, started together.
public final class InformerSet: Sendable {
    private let source: any ObjectSource
    private let state = Mutex<[WatchScope: Informer]>([:])
    private let indexers: [String: [String: Informer.Indexer]]
    private let backoff: Backoff

    /// `indexers` gives, per resource, the indexes that its informers keep; `backoff` is for a source that fails.
    public init(
        source: any ObjectSource, indexers: [String: [String: Informer.Indexer]] = [:],
        backoff: Backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(30))
    ) {
        self.backoff = backoff
        self.source = source
        self.indexers = indexers
    }

    /// The informer of a scope, the same one for every caller. All are asked for before `run`.
    public func informer(_ scope: WatchScope) -> Informer {
        state.withLock { informers in
            if let informer = informers[scope] { return informer }
            let informer = Informer(
                scope, from: source, indexers: indexers[scope.resource] ?? [:], backoff: backoff)
            informers[scope] = informer
            return informer
        }
    }

    public func informer(_ resource: String) -> Informer {
        informer(WatchScope(resource))
    }

    /// Runs every informer until the task is cancelled.
    public func run() async {
        let informers = state.withLock { Array($0.values) }
        await withTaskGroup { group in
            for informer in informers {
                group.addTask { await informer.run() }
            }
        }
    }

    public func waitUntilSynced() async throws {
        for informer in state.withLock({ Array($0.values) }) {
            try await informer.waitUntilSynced()
        }
    }
}
