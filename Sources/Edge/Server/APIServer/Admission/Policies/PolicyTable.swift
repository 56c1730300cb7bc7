internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Logging
internal import Synchronization

/// The policies of one kind with their bindings, compiled. A commit of one of these objects makes the next
/// request compile again what has changed.
final class PolicyTable<Policy: Sendable>: Sendable {
    struct Entry: Sendable {
        let name: String
        let policy: Policy
        let bindings: [PolicyBinding]
    }

    private struct Compiled {
        let revision: UInt64
        /// Nil for what cannot be read; validation lets no such object in.
        let policy: Policy?
    }

    private struct Snapshot {
        var version = -1
        /// Policies with at least one binding, in the order of their names.
        var entries: [Entry] = []
        var compiled: [String: Compiled] = [:]
    }

    private let policies: String
    private let bindings: String
    private let store: ObjectStore
    private let make: @Sendable (APIObject) throws -> Policy
    private let version = VersionCounter()
    private let subscriptions: [Subscription]
    private let snapshot = Mutex(Snapshot())

    init(
        policies: String, bindings: String, store: ObjectStore,
        make: @escaping @Sendable (APIObject) throws -> Policy
    ) {
        self.policies = policies
        self.bindings = bindings
        self.store = store
        self.make = make
        subscriptions = [policies, bindings].compactMap { [version] resource in
            try? store.subscribe(resource, after: store.currentRevision) { version.advance() }
        }
    }

    var entries: [Entry] {
        let version = version.value
        return snapshot.withLock { snapshot in
            if snapshot.version != version { snapshot = compile(snapshot, version) }
            return snapshot.entries
        }
    }

    private func compile(_ old: Snapshot, _ version: Int) -> Snapshot {
        var snapshot = Snapshot(version: version)
        var byPolicy: [String: [PolicyBinding]] = [:]
        for stored in store.list(bindings, namespace: "").objects {
            guard let binding = read(stored, { try PolicyBinding($0) }) else { continue }
            byPolicy[binding.policy, default: []].append(binding)
        }
        for stored in store.list(policies, namespace: "").objects {
            let name = stored.key.name
            let known = old.compiled[name].flatMap { $0.revision == stored.revision ? $0 : nil }
            let compiled = known ?? Compiled(revision: stored.revision, policy: read(stored, make))
            snapshot.compiled[name] = compiled
            guard let policy = compiled.policy, let bindings = byPolicy[name] else { continue }
            snapshot.entries.append(
                Entry(name: name, policy: policy, bindings: bindings.sorted { $0.name < $1.name }))
        }
        snapshot.entries.sort { $0.name < $1.name }
        return snapshot
    }

    private func read<Result>(_ stored: EncodedObject, _ make: (APIObject) throws -> Result) -> Result? {
        do { return try make(try APIObject(decoding: stored)) } catch {
            Logger(label: "edge.admission").error(
                "admission policy is left out",
                metadata: ["object": "\(stored.key)", "error": "\(error)"])
            return nil
        }
    }
}
