public import EdgeAPI
public import EdgeBase
internal import EdgeStorage

/// One page of a LIST.
public struct ListPage: Sendable {
    public let objects: [EncodedObject]
    public let revision: UInt64
    public let next: ContinueToken?
    /// How many objects follow behind this page; known only for lists without selectors, as in Kubernetes.
    public let remaining: Int?
}

extension Registry {
    /// The objects of a resource in one namespace (nil for all) that the query selects.
    public func list(_ resource: ResourceDefinition, namespace: String?, query: ListQuery) throws -> ListPage
    {
        let filter = ObjectFilter(query, resource: resource)
        if let name = query.fields.requiredValue(of: "metadata.name"), query.continueToken == nil {
            return try single(resource, namespace: namespace, name: name, filter, query)
        }
        let revision = try self.revision(for: query)
        var objects: [EncodedObject] = []
        var position = query.continueToken.map { (namespace: $0.namespace, name: $0.name) }
        var page = try read(resource, namespace, startAfter: position, limit: query.limit, revision)
        while true {
            objects += filter.matchesEverything ? page.objects : page.objects.filter { filter.matches($0) }
            guard let limit = query.limit, let last = page.objects.last, page.remaining > 0 else {
                return ListPage(objects: objects, revision: page.revision, next: nil, remaining: nil)
            }
            position = (last.key.namespace, last.key.name)
            if objects.count >= limit {
                return ListPage(
                    objects: objects, revision: page.revision,
                    next: ContinueToken(
                        revision: page.revision, namespace: last.key.namespace, name: last.key.name),
                    remaining: filter.matchesEverything ? page.remaining : nil)
            }
            page = try read(
                resource, namespace, startAfter: position, limit: limit - objects.count, page.revision)
        }
    }

    /// The revision that the list must show; nil for the present one.
    private func revision(for query: ListQuery) throws -> UInt64? {
        if let token = query.continueToken { return token.revision }
        switch query.revision {
        case .newest, .any: return nil
        case .exact(let revision): return revision
        case .notOlderThan(let revision):
            guard revision <= store.currentRevision else {
                throw APIStatus.futureRevision(revision, current: store.currentRevision)
            }
            return nil
        }
    }

    private func read(
        _ resource: ResourceDefinition, _ namespace: String?, startAfter: (namespace: String, name: String)?,
        limit: Int?, _ revision: UInt64?
    ) throws -> EdgeStorage.ObjectList {
        let limit = limit ?? .max
        guard let revision else {
            return store.list(
                resource.storageName, namespace: namespace, startAfter: startAfter, limit: limit)
        }
        return try APIStatus.whileReading { () throws(StorageError) in
            try store.list(
                resource.storageName, namespace: namespace, startAfter: startAfter, limit: limit, at: revision
            )
        }
    }

    /// A list that a field selector narrows to one name is a look-up.
    private func single(
        _ resource: ResourceDefinition, namespace: String?, name: String, _ filter: ObjectFilter,
        _ query: ListQuery
    ) throws -> ListPage {
        let revision = store.currentRevision
        if resource.isNamespaced, namespace == nil {
            let all = try read(resource, nil, startAfter: nil, limit: nil, nil)
            return ListPage(
                objects: all.objects.filter { $0.key.name == name && filter.matches($0) },
                revision: all.revision,
                next: nil, remaining: nil)
        }
        let found = store.get(key(resource, namespace ?? "", name)).map { [$0] } ?? []
        return ListPage(
            objects: found.filter { filter.matches($0) }, revision: revision, next: nil, remaining: nil)
    }
}

extension APIStatus {
    /// Turns the store's answers to reads into the API's.
    static func whileReading<Result>(_ body: () throws(StorageError) -> Result) throws(APIStatus) -> Result {
        do throws(StorageError) { return try body() } catch {
            switch error {
            case .expired(let revision, let oldest):
                throw .expired("too old resource version: \(revision) (\(oldest))")
            case .notYet(let revision, let current): throw .futureRevision(revision, current: current)
            default: throw .serviceUnavailable("the state store cannot be read: \(error)")
            }
        }
    }

    /// The client has seen a revision that this server has not: it must come back later.
    static func futureRevision(_ revision: UInt64, current: UInt64) -> Self {
        APIStatus(
            code: 504, reason: .timeout,
            message: "Too large resource version: \(revision), current: \(current)",
            details: Details(
                causes: [
                    Cause(
                        reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")
                ], retryAfterSeconds: 1))
    }
}
