internal import Synchronization

/// The informers that the components of one process share: one per scope, started together.
public final class InformerSet: Sendable {
    private struct State {
        var informers: [WatchScope: Informer] = [:]
        /// Those that have not been started yet.
        var waiting: [WatchScope] = []
        var tasks: [WatchScope: Task<Void, Never>] = [:]
        /// Tells `run` of informers that wait.
        var start: (@Sendable () -> Void)?
    }

    private let source: any ObjectSource
    private let state = Mutex(State())
    private let indexers: [String: [String: Informer.Indexer]]
    private let otherIndexers: [String: Informer.Indexer]
    private let backoff: Backoff

    /// `indexers` gives, per resource, the indexes that its informers keep; informers of other resources
    /// keep `otherIndexers`. `backoff` is for a source that fails.
    public init(
        source: any ObjectSource, indexers: [String: [String: Informer.Indexer]] = [:],
        otherIndexers: [String: Informer.Indexer] = [:],
        backoff: Backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(30))
    ) {
        self.backoff = backoff
        self.source = source
        self.indexers = indexers
        self.otherIndexers = otherIndexers
    }

    /// The informer of a scope, the same one for every caller. One that is asked for while the set runs
    /// begins at once.
    public func informer(_ scope: WatchScope) -> Informer {
        let (informer, start) = state.withLock { state in
            if let informer = state.informers[scope] { return (informer, nil as (@Sendable () -> Void)?) }
            let informer = Informer(
                scope, from: source, indexers: indexers[scope.resource] ?? otherIndexers,
                backoff: backoff)
            state.informers[scope] = informer
            state.waiting.append(scope)
            return (informer, state.start)
        }
        start?()
        return informer
    }

    /// Ends the informer of a scope, for all that use it.
    public func remove(_ scope: WatchScope) {
        let task = state.withLock { state in
            state.informers[scope] = nil
            state.waiting.removeAll { $0 == scope }
            return state.tasks.removeValue(forKey: scope)
        }
        task?.cancel()
    }

    public func informer(_ resource: String) -> Informer {
        informer(WatchScope(resource))
    }

    /// Runs every informer until the task is cancelled.
    public func run() async {
        // One pending signal is enough: the state tells who waits.
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.start = { signal.yield() } }
        signal.yield()
        for await _ in signals { startWaiting() }
        let tasks = state.withLock { state in
            state.start = nil
            defer { state.tasks = [:] }
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func startWaiting() {
        state.withLock { state in
            for scope in state.waiting {
                guard let informer = state.informers[scope] else { continue }
                state.tasks[scope] = Task { await informer.run() }
            }
            state.waiting = []
        }
    }

    public func waitUntilSynced() async throws {
        for informer in state.withLock({ Array($0.informers.values) }) {
            try await informer.waitUntilSynced()
        }
    }
}
