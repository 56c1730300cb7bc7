import EdgeBase
import Logging
import Synchronization

@testable import EdgeStorage

extension StoreOptions {
    /// Dense revisions, no timers, no snapshots but those asked for.
    static func test(_ folder: TemporaryFolder, gap: UInt64 = 0) -> StoreOptions {
        var options = StoreOptions(
            path: folder.database, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        options.revisionGap = gap
        options.snapshotInterval = nil
        options.schedule = { _, _ in }
        return options
    }
}

extension PendingObject {
    /// A ConfigMap-like object with this text inside.
    init(_ text: String) {
        let head = Array("{\"metadata\":{\"resourceVersion\":\"".utf8)
        self.init(bytes: head + Array("\"},\"data\":\"\(text)\"}".utf8), revisionOffset: head.count)
    }
}

extension EncodedObject {
    /// The text that `PendingObject(_:)` was made with, provided that the revision lies where it belongs.
    var text: String? {
        let head = "{\"metadata\":{\"resourceVersion\":\"\(revision)\"},\"data\":\""
        let whole = String(decoding: bytes, as: UTF8.self)
        guard whole.hasPrefix(head), whole.hasSuffix("\"}") else { return nil }
        return String(whole.dropFirst(head.utf8.count).dropLast(2))
    }
}

extension ObjectKey {
    static func configMap(_ name: String, _ namespace: String = "default") -> ObjectKey {
        ObjectKey(resource: "configmaps", namespace: namespace, name: name)
    }

    static func event(_ name: String) -> ObjectKey {
        ObjectKey(resource: "events", namespace: "default", name: name)
    }

    static func lease(_ name: String) -> ObjectKey {
        ObjectKey(resource: "leases.coordination.k8s.io", namespace: "kube-node-lease", name: name)
    }
}

extension ObjectStore {
    @discardableResult
    func put(
        _ key: ObjectKey, _ text: String = "", if precondition: Mutation.Precondition = .none,
        durability: Mutation.Durability = .durable
    ) async throws -> EncodedObject {
        try await commit(Mutation(key, .put(PendingObject(text)), if: precondition, durability: durability))
    }

    @discardableResult
    func delete(
        _ key: ObjectKey, if precondition: Mutation.Precondition = .none,
        durability: Mutation.Durability = .durable
    ) async throws -> EncodedObject {
        try await commit(Mutation(key, .delete, if: precondition, durability: durability))
    }

    /// Name and text of all objects, for comparisons.
    func contents(_ resource: String = "configmaps") -> [String: String] {
        Dictionary(uniqueKeysWithValues: list(resource).objects.map { ($0.key.name, $0.text ?? "damaged") })
    }
}

/// Counts calls from any thread.
final class Counter: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    func add() { state.withLock { $0 += 1 } }
}

/// A disk that a test can hold still or make fail, in place of `StoreOptions.beforeDiskCommit`.
final class DiskGate: Sendable {
    private struct State {
        var isHeld = false
        var failure: SQLiteError?
    }

    private let state = Mutex(State())
    private let release = ThreadSignal()
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() { (arrivals, arrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(100)) }

    func install(_ options: inout StoreOptions) {
        options.beforeDiskCommit = { [self] () throws(SQLiteError) in
            let (held, failure) = state.withLock { ($0.isHeld, $0.failure) }
            if held {
                arrived.yield()
                release.wait()
            }
            if let failure { throw failure }
        }
    }

    func hold() { state.withLock { $0.isHeld = true } }

    func letGo() {
        state.withLock { $0.isHeld = false }
        release.post()
    }

    func fail(_ failure: SQLiteError?) { state.withLock { $0.failure = failure } }

    /// Returns once a transaction waits for the disk.
    func waitForTransaction() async {
        for await _ in arrivals { return }
    }
}

/// A clock for `StoreOptions.schedule`: nothing happens before `fire`.
final class ManualTimer: Sendable {
    private let state = Mutex<[(delay: Duration, action: @Sendable () -> Void)]>([])

    func install(_ options: inout StoreOptions) {
        options.schedule = { [self] delay, action in state.withLock { $0.append((delay, action)) } }
    }

    /// The delays of the calls that wait.
    var delays: [Duration] { state.withLock { $0.map(\.delay) } }

    func fire() {
        let due = state.withLock { state in
            defer { state = [] }
            return state
        }
        for call in due { call.action() }
    }
}

/// Waits for another thread without a timer.
func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
