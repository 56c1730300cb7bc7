internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import Synchronization

/// ConfigMaps and Secrets by name, only those that pods of this node refer to. What was read a moment ago is not
/// read again, so that pods with the same source cost one request.
final class ObjectFetcher: Sendable {
    private struct Entry {
        /// Nil: there is no such object.
        var object: EncodedObject?
        var read: Timestamp
    }

    private let client: any APIClient
    private let clock: any WallClock
    private let cache = Mutex<[ObjectKey: Entry]>([:])

    init(client: any APIClient, clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    /// Nil when there is no such object; other failures are thrown.
    func configMap(_ namespace: String, _ name: String, maximumAge: Duration = .seconds(1)) async throws
        -> ConfigMap?
    {
        try await object(ObjectKey(resource: "configmaps", namespace: namespace, name: name), maximumAge)
            .map { try ConfigMap(decoding: $0) }
    }

    func secret(_ namespace: String, _ name: String, maximumAge: Duration = .seconds(1)) async throws
        -> Secret?
    {
        try await object(ObjectKey(resource: "secrets", namespace: namespace, name: name), maximumAge)
            .map { try Secret(decoding: $0) }
    }

    private func object(_ key: ObjectKey, _ maximumAge: Duration) async throws -> EncodedObject? {
        let now = clock.now
        let cached = cache.withLock { cache -> Entry? in
            guard let entry = cache[key], entry.read <= now, now - entry.read <= maximumAge else {
                return nil
            }
            return entry
        }
        // That an object is missing is not remembered: it may be made this moment.
        if let cached, cached.object != nil { return cached.object }
        var object: EncodedObject?
        do {
            object = try await client.get(key)
        } catch let status as APIStatus where status.reason == .notFound {
            object = nil
        }
        let entry = Entry(object: object, read: now)
        cache.withLock { cache in
            if cache.count > 256 { cache = cache.filter { now - $0.value.read < .seconds(60) } }
            cache[key] = entry
        }
        return object
    }

    /// All that a pod's environments name; what is missing is left out.
    func references(of pod: Pod) async throws -> ReferencedObjects {
        let names = EnvironmentBuilder.references(of: pod.spec)
        var objects = ReferencedObjects()
        for name in names.configMaps { objects.configMaps[name] = try await configMap(pod.namespace, name) }
        for name in names.secrets { objects.secrets[name] = try await secret(pod.namespace, name) }
        return objects
    }
}
