import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import Synchronization

/// An API server in memory: enough of one for a node, and a source for informers.
final class TestAPI: APIClient, ObjectSource {
    private struct State {
        var objects: [ObjectKey: EncodedObject] = [:]
        var revision: UInt64 = 0
        var watchers: [Int: AsyncStream<WatchBatch>.Continuation] = [:]
        var events: [String] = []
        var failures: [String: APIStatus] = [:]
    }

    private let state = Mutex(State())

    /// `reason: message` of the Events that were written.
    var events: [String] { state.withLock(\.events) }

    // MARK: The test's side

    func put(_ resource: String, _ object: APIObject) {
        _ = try? store(resource, object)
    }

    func put(_ pod: Pod) { put("pods", pod.object) }

    func pod(_ name: String) -> Pod? {
        state.withLock { $0.objects[ObjectKey(resource: "pods", namespace: "default", name: name)] }
            .flatMap { try? Pod(decoding: $0) }
    }

    func object(_ resource: String, _ namespace: String, _ name: String) -> APIObject? {
        state.withLock { $0.objects[ObjectKey(resource: resource, namespace: namespace, name: name)] }
            .flatMap { try? APIObject(decoding: $0) }
    }

    /// As `kubectl delete` does it: the node has to do the rest.
    func markDeleted(_ name: String, grace: Int64 = 30) {
        guard var pod = pod(name) else { return }
        pod.object[path: "metadata", "deletionTimestamp"] = "2026-01-01T00:00:00Z"
        pod.object[path: "metadata", "deletionGracePeriodSeconds"] = .int(grace)
        put(pod)
    }

    func remove(_ key: ObjectKey) {
        let batch = state.withLock { state -> (WatchBatch, [AsyncStream<WatchBatch>.Continuation])? in
            guard let object = state.objects.removeValue(forKey: key) else { return nil }
            state.revision += 1
            let gone = EncodedObject(key: key, revision: state.revision, bytes: object.bytes)
            let change = ObjectChange(kind: .deleted, object: gone, previous: object)
            return (WatchBatch(changes: [change], revision: state.revision), Array(state.watchers.values))
        }
        if let (batch, watchers) = batch { for watcher in watchers { watcher.yield(batch) } }
    }

    // MARK: APIClient

    @discardableResult
    private func store(_ resource: String, _ object: APIObject) throws -> EncodedObject {
        let (batch, encoded, watchers) = state.withLock { state in
            state.revision += 1
            var object = object
            object[path: "metadata", "resourceVersion"] = .string(String(state.revision))
            let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
            let encoded = EncodedObject(key: key, revision: state.revision, bytes: object.value.encoded)
            let previous = state.objects.updateValue(encoded, forKey: key)
            if resource == "events" {
                state.events.append("\(object["reason"]?.string ?? ""): \(object["message"]?.string ?? "")")
            }
            let change = ObjectChange(
                kind: previous == nil ? .added : .modified, object: encoded, previous: previous)
            return (
                WatchBatch(changes: [change], revision: state.revision), encoded, Array(state.watchers.values)
            )
        }
        for watcher in watchers { watcher.yield(batch) }
        return encoded
    }

    func get(_ key: ObjectKey) async throws -> EncodedObject {
        guard let object = state.withLock({ $0.objects[key] }) else {
            throw APIStatus.notFound(key.resource, key.name)
        }
        return object
    }

    func list(_ resource: String, namespace: String?, options: ListOptions) async throws -> ObjectList {
        state.withLock { state in
            ObjectList(
                objects: state.objects.values.filter { $0.key.resource == resource }, revision: state.revision
            )
        }
    }

    func create(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        // A clock that stands still gives all Events one name.
        guard resource == "events" || state.withLock({ $0.objects[key] }) == nil else {
            throw APIStatus.alreadyExists(resource, object.name)
        }
        var object = object
        if object.uid.isEmpty { object[path: "metadata", "uid"] = "uid-of-new" }
        return try store(resource, object)
    }

    func post(_ key: ObjectKey, subresource: String, _ object: APIObject) async throws -> APIObject {
        var answer = object
        answer[path: "status", "token"] = .string("token-of-\(key.name)")
        answer[path: "status", "expirationTimestamp"] = "2030-01-01T00:00:00Z"
        return answer
    }

    func update(_ resource: String, _ object: APIObject, subresource: String?) async throws -> EncodedObject {
        try store(resource, object)
    }

    func patch(_ key: ObjectKey, _ patch: Patch, subresource: String?) async throws -> EncodedObject {
        let current = try APIObject(decoding: try await get(key))
        if let version = patch.body["metadata"]?["resourceVersion"]?.string,
            version != current.resourceVersion
        {
            throw APIStatus.modified(key.resource, key.name)
        }
        guard let object = APIObject(MergePatch.apply(patch.body, to: current.value)) else {
            throw APIStatus.badRequest("patch")
        }
        return try store(key.resource, object)
    }

    func delete(_ key: ObjectKey, options: DeleteOptions) async throws {
        let object = try APIObject(decoding: try await get(key))
        if let uid = options.uid, object.uid != uid {
            throw APIStatus.conflict(key.resource, key.name, "uid")
        }
        remove(key)
    }

    // MARK: ObjectSource

    func list(_ scope: WatchScope) async throws -> ObjectList {
        try await list(scope.resource, namespace: scope.namespace, options: ListOptions())
    }

    func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(
            of: WatchBatch.self, bufferingPolicy: .bufferingOldest(4096))
        let (id, missed) = state.withLock { state in
            let id = state.watchers.count + Int(state.revision) * 1000
            state.watchers[id] = continuation
            let missed = state.objects.values.filter { $0.revision > revision }
                .map { ObjectChange(kind: .modified, object: $0, previous: nil) }
            return (id, WatchBatch(changes: missed, revision: state.revision))
        }
        defer { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        for await batch in [missed].async(then: stream) {
            let changes = batch.changes.filter { $0.object.key.resource == scope.resource }
            await deliver(WatchBatch(changes: changes, revision: batch.revision))
        }
        try Task.checkCancellation()
    }
}

extension Array where Element: Sendable {
    /// The elements, then those of a stream.
    fileprivate func async(then stream: AsyncStream<Element>) -> AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            let task = Task {
                for await element in stream { continuation.yield(element) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
