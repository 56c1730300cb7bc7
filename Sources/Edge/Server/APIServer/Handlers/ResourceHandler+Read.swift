internal import EdgeAPI
internal import EdgeBase
internal import EdgeStorage
internal import EdgeTransport

extension ResourceHandler {
    func read(_ verb: RequestInfo.Verb) throws -> HTTPHandling {
        if let custom = resource.custom { return try readCustom(verb, custom) }
        return .now(try readNow(verb))
    }

    func readNow(_ verb: RequestInfo.Verb) throws -> HTTPServerResponse {
        switch verb {
        case .get: try get()
        case .watch: try watch()
        default: try list()
        }
    }

    func get() throws -> HTTPServerResponse {
        let object = try server.registry.get(resource, namespace: namespace, name: info.name)
        return .json(200, try presentation().single(object))
    }

    func list() throws -> HTTPServerResponse {
        let page = try server.registry.list(resource, namespace: scope, query: query())
        return HTTPServerResponse(
            200, headers: HTTPServerResponse.json, body: .pieces(try presentation().list(page)))
    }

    func watch() throws -> HTTPServerResponse {
        let query = try query()
        let presentation = try presentation()
        let body = try server.watch(resource, namespace: scope, query: query, WatchEncoder(presentation))
        return HTTPServerResponse(200, headers: HTTPServerResponse.json, body: .pulled(body))
    }

    func query() throws -> ListQuery {
        try ListQuery(resource: resource) { name in
            let value = request.queryValue(name)
            guard name == "fieldSelector", let value else { return value }
            return VersionConversion.stored(fieldSelector: value, from: served)
        }
    }

    /// Nil for all namespaces.
    var scope: String? {
        resource.isNamespaced ? (namespace.isEmpty ? nil : namespace) : ""
    }
}

extension APIServer {
    /// How long a watch lasts when the client does not say; spread so that not all come back at once.
    private static let watchSeconds = 1800...3600

    func watch(
        _ resource: ResourceDefinition, namespace: String?, query: ListQuery, _ encoder: WatchEncoder
    ) throws -> WatchBody {
        let plan = try watchPlan(resource, namespace: namespace, query: query, encoder)
        return try watch(resource, namespace: namespace, query: query, plan)
    }

    /// A watch whose objects somebody has to be asked to convert.
    func convertedWatch(
        _ resource: ResourceDefinition, namespace: String?, query: ListQuery, _ encoder: WatchEncoder,
        _ convert: @escaping WatchBody.Conversion
    ) async throws -> WatchBody {
        var plan = try watchPlan(resource, namespace: namespace, query: query, encoder)
        plan.initial = try await convert(plan.initial)
        plan.convert = convert
        return try watch(resource, namespace: namespace, query: query, plan)
    }

    private func watchPlan(
        _ resource: ResourceDefinition, namespace: String?, query: ListQuery, _ encoder: WatchEncoder
    ) throws -> WatchBody.Plan {
        var plan = WatchBody.Plan(
            filter: ObjectFilter(query, resource: resource), encoder: encoder,
            allowsBookmarks: query.allowsBookmarks,
            startRevision: 0)
        switch query.revision {
        case .notOlderThan(let revision) where !query.sendsInitialEvents:
            plan.startRevision = revision
        default:
            // From the present state on: what is there comes first.
            var all = ListQuery()
            all.labels = query.labels
            all.fields = query.fields
            all.revision = query.revision
            let page = try registry.list(resource, namespace: namespace, query: all)
            plan.initial = page.objects
            plan.startRevision = page.revision
            plan.marksInitialEnd = query.sendsInitialEvents && query.allowsBookmarks
        }
        plan.lifetime = resource.custom?.family.lifetime
        return plan
    }

    private func watch(
        _ resource: ResourceDefinition, namespace: String?, query: ListQuery, _ plan: WatchBody.Plan
    ) throws -> WatchBody {
        let store = store
        let start = plan.startRevision
        guard start <= store.currentRevision else {
            throw APIStatus.futureRevision(start, current: store.currentRevision)
        }
        let seconds = query.timeoutSeconds ?? Int.random(in: Self.watchSeconds)
        return WatchBody(plan: plan, timeout: .seconds(seconds), timers: timers) { onChange in
            try store.subscribe(resource.storageName, namespace: namespace, after: start, onChange: onChange)
        }
    }
}
