internal import EdgeAPI
public import EdgeBase
public import Logging
internal import Synchronization

/// Keeps the present objects of a scope at hand and tells handlers of each change. The objects are shared
/// references: within the server they are the store's own, so an informer costs a dictionary entry each.
public final class Informer: Sendable {
    public typealias Handler = @Sendable ([ObjectChange]) -> Void
    /// Computes the values under which an index finds an object.
    public typealias Indexer = @Sendable (EncodedObject) -> [String]

    public let scope: WatchScope
    private let source: any ObjectSource
    private let backoff: Backoff
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var cache = InformerCache()
        var handlers: [Handler] = []
        var hasSynced = false
        var waiters: [CheckedContinuation<Void, any Error>] = []
        /// How far the watch has come.
        var position: UInt64 = 0
        var revisionWaiters: [(revision: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        var hasEnded = false
    }

    public init(
        _ scope: WatchScope, from source: any ObjectSource, indexers: [String: Indexer] = [:],
        backoff: Backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(30)),
        logger: Logger = Logger(label: "edge.informer")
    ) {
        self.scope = scope
        self.source = source
        self.backoff = backoff
        self.logger = logger
        state.withLock { $0.cache = InformerCache(indexers: indexers) }
    }

    // MARK: Reading

    public func get(_ key: ObjectKey) -> EncodedObject? {
        state.withLock { $0.cache.objects[key] }
    }

    public func get(namespace: String = "", name: String) -> EncodedObject? {
        get(ObjectKey(resource: scope.resource, namespace: namespace, name: name))
    }

    /// All objects, or those of one namespace, in no particular order.
    public func list(namespace: String? = nil) -> [EncodedObject] {
        state.withLock { state in
            guard let namespace else { return Array(state.cache.objects.values) }
            return state.cache.objects.values.filter { $0.key.namespace == namespace }
        }
    }

    /// The objects that the named index files under `value`.
    public func indexed(by index: String, _ value: String) -> [EncodedObject] {
        state.withLock { $0.cache.indexed(by: index, value) }
    }

    /// Whether the first list has arrived.
    public var hasSynced: Bool { state.withLock(\.hasSynced) }

    /// Returns once the first list has arrived and has been given to the handlers.
    public func waitUntilSynced() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Void, any Error>? in
                if state.hasSynced { return .success(()) }
                if state.hasEnded { return .failure(CancellationError()) }
                state.waiters.append(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// Returns once this informer has seen everything up to a revision: what a reconciler waits for after its
    /// own write, so that it never decides on a state older than its own deed.
    public func waitUntil(revision: UInt64) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Void, any Error>? in
                if state.position >= revision { return .success(()) }
                if state.hasEnded { return .failure(CancellationError()) }
                state.revisionWaiters.append((revision, continuation))
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// Adds a handler; it first hears of what is there as added objects. Handlers are called in order from the
    /// informer's task and must not block: they enqueue keys.
    public func addHandler(_ handler: @escaping Handler) {
        let present = state.withLock { state in
            state.handlers.append(handler)
            return Array(state.cache.objects.values)
        }
        if !present.isEmpty {
            handler(present.map { ObjectChange(kind: .added, object: $0, previous: nil) })
        }
    }

    // MARK: Running

    /// Lists and watches until the task is cancelled; failures of the source are retried with back-off.
    public func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let list = try await source.list(scope)
                apply(replacement: list)
                try await watch(from: list.revision, failures: &failures)
            } catch let status as APIStatus where status.reason == .expired || status.reason == .gone {
                // The first list afterwards comes at once; a source whose history is always too short must not
                // be asked in a tight loop.
                if failures > 0 { await pause(failures) }
                failures += 1
            } catch {
                if Task.isCancelled { break }
                log(error)
                await pause(failures)
                failures += 1
            }
        }
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer {
                state.waiters = []
                state.revisionWaiters = []
            }
            return state.waiters + state.revisionWaiters.map(\.continuation)
        }
        for waiter in waiters { waiter.resume(throwing: CancellationError()) }
    }

    /// Watches again and again from where the last watch ended; throws when the source's history no longer
    /// reaches there. Other failures are retried here: there is no need to list everything again because a
    /// connection broke.
    private func watch(from revision: UInt64, failures: inout Int) async throws {
        let position = Mutex(revision)
        while !Task.isCancelled {
            let start = position.withLock { $0 }
            let begun = ContinuousClock.now
            do {
                try await source.watch(scope, after: start) { [self] batch in
                    apply(batch.changes)
                    position.withLock { $0 = max($0, batch.revision) }
                    advance(to: batch.revision)
                }
            } catch let status as APIStatus where status.code == 410 {
                throw status
            } catch {
                if Task.isCancelled { return }
                log(error)
                if position.withLock({ $0 }) > start { failures = 0 }
                await pause(failures)
                failures += 1
                continue
            }
            failures = 0
            // A server that ends each watch at once must not be asked in a tight loop.
            let least = min(.seconds(1), backoff.maximum)
            if ContinuousClock.now - begun < least { try? await Task.sleep(for: least) }
        }
    }

    private func pause(_ failures: Int) async {
        try? await Task.sleep(for: backoff.delay(afterFailures: failures))
    }

    private func log(_ error: any Error) {
        logger.debug(
            "list or watch failed", metadata: ["resource": "\(scope.resource)", "error": "\(error)"])
    }

    private func apply(_ changes: [ObjectChange]) {
        guard !changes.isEmpty else { return }
        let (effective, handlers) = state.withLock { state in
            (changes.compactMap { state.cache.apply($0) }, state.handlers)
        }
        for handler in handlers where !effective.isEmpty { handler(effective) }
    }

    private func apply(replacement list: ObjectList) {
        let (changes, handlers, waiters) = state.withLock { state in
            let changes = state.cache.replace(with: list.objects)
            defer { state.waiters = [] }
            state.hasSynced = true
            return (changes, state.handlers, state.waiters)
        }
        for handler in handlers where !changes.isEmpty { handler(changes) }
        for waiter in waiters { waiter.resume() }
        advance(to: list.revision)
    }

    private func advance(to revision: UInt64) {
        let due = state.withLock { state in
            state.position = max(state.position, revision)
            guard !state.revisionWaiters.isEmpty else { return [] as [CheckedContinuation<Void, any Error>] }
            let due = state.revisionWaiters.filter { $0.revision <= revision }.map(\.continuation)
            state.revisionWaiters.removeAll { $0.revision <= revision }
            return due
        }
        for continuation in due { continuation.resume() }
    }
}
