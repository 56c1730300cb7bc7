internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeStorage
internal import Logging

/// Keeps the APIServices: one for each version of a group that this server serves, and the condition of those
/// that others serve. Woken by the store's commits; a server that is asked is asked again every half minute.
struct APIServiceController: Sendable {
    private static let label = "kube-aggregator.kubernetes.io/automanaged"
    private static let interval = Duration.seconds(30)
    private static let watched = [
        AggregatedServices.resource, CustomResourceDefinition.resource, "services", EndpointSlice.resource,
    ]

    /// What was found out of one service, and from what.
    private struct Known {
        var fingerprint: [UInt64] = []
        var next = ContinuousClock.now
        var delay = Duration.milliseconds(500)
    }

    private let server: APIServer
    private let check: AvailabilityCheck
    private let context = RequestContext.ofServer
    private let logger = Logger(label: "edge.aggregation")
    private var store: ObjectStore { server.store }

    init(server: APIServer) {
        self.server = server
        check = AvailabilityCheck(store: server.store, clients: server.outbound)
    }

    func run() async {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        var subscriptions: [Subscription] = []
        for resource in Self.watched {
            if let one = try? store.subscribe(
                resource, after: store.currentRevision, onChange: { signal.yield() })
            {
                subscriptions.append(one)
            }
        }
        defer { for subscription in subscriptions { subscription.cancel() } }
        signal.yield()
        var known: [String: Known] = [:]
        var registered: UInt64?
        var timer: TimerQueue.Token?
        for await _ in signals {
            // What is served here changes with definitions only, and somebody may have touched the objects.
            let state = max(
                store.revision(of: CustomResourceDefinition.resource),
                store.revision(of: AggregatedServices.resource))
            if registered != state {
                do {
                    try await register()
                    registered = state
                } catch {
                    logger.error("APIServices were not registered", metadata: ["error": "\(error)"])
                }
            }
            await watchOver(&known)
            if let timer { server.timers.cancel(timer) }
            timer = known.values.map(\.next).min().map { next in
                server.timers.schedule(after: max(next - .now, .milliseconds(100))) { signal.yield() }
            }
        }
        if let timer { server.timers.cancel(timer) }
    }

    // MARK: What is served here

    private func register() async throws {
        server.customResources.refreshAll()
        var wanted: [String: (ResourceDefinition, isCustom: Bool)] = [:]
        for resource in server.customResources.served {
            let name = "\(resource.version).\(resource.group)"
            if wanted[name] == nil { wanted[name] = (resource, resource.custom != nil) }
        }
        let present = try store.list(AggregatedServices.resource, namespace: "").objects
            .map { try APIObject(decoding: $0) }
        let names = Set(present.map(\.name))
        // At once, so that they go to the disk together.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, (resource, isCustom)) in wanted where !names.contains(name) {
                group.addTask { try await create(name, resource, isCustom) }
            }
            try await group.waitForAll()
        }
        for object in present where object[label: Self.label] == "true" && wanted[object.name] == nil {
            try await remove(object)
        }
    }

    private func create(_ name: String, _ resource: ResourceDefinition, _ isCustom: Bool) async throws {
        let priority = isCustom ? APIServicePriority.custom : APIServicePriority.builtIn(resource)
        var object = APIObject(apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", name: name)
        object[label: Self.label] = isCustom ? "true" : "onstart"
        var spec: JSONObject = [:]
        if !resource.group.isEmpty { spec["group"] = .string(resource.group) }
        spec["version"] = .string(resource.version)
        spec["groupPriorityMinimum"] = .int(priority.group)
        spec["versionPriority"] = .int(priority.version)
        object["spec"] = .object(spec)
        do {
            _ = try await server.registry.create(try definition(), namespace: "", body: object, context)
        } catch let status as APIStatus where status.reason == .alreadyExists {
            return
        }
    }

    private func remove(_ object: APIObject) async throws {
        do {
            _ = try await server.registry.delete(
                try definition(), namespace: "", name: object.name, options: DeleteOptions(uid: object.uid),
                context)
        } catch let status as APIStatus where status.reason == .notFound || status.reason == .conflict {
            return
        }
    }

    private func definition() throws -> ResourceDefinition {
        guard let definition = Schema.shared.stored(AggregatedServices.resource) else {
            throw APIStatus.internalError("the schema has no APIServices")
        }
        return definition
    }

    // MARK: What others serve

    private func watchOver(_ known: inout [String: Known]) async {
        let services = server.aggregation.all
        let names = Set(services.map(\.name))
        known = known.filter { names.contains($0.key) }
        guard !services.isEmpty else { return }
        let now = ContinuousClock.now
        var due: [(service: AggregatedService, state: [UInt64])] = []
        for service in services {
            let state = fingerprint(service)
            if let last = known[service.name], last.next > now, last.fingerprint == state { continue }
            due.append((service, state))
        }
        let results = await withTaskGroup(of: (String, [UInt64], Bool).self) { group in
            for (service, state) in due { group.addTask { (service.name, state, await inspect(service)) } }
            var results: [(name: String, state: [UInt64], isAvailable: Bool)] = []
            for await result in group { results.append(result) }
            return results
        }
        for (name, state, isAvailable) in results {
            var entry = known[name] ?? Known()
            let isNews = isAvailable || entry.fingerprint != state
            entry.fingerprint = state
            entry.delay = isNews ? .milliseconds(500) : min(entry.delay * 2, Self.interval)
            entry.next = .now + (isAvailable ? Self.interval : entry.delay)
            known[name] = entry
        }
    }

    /// The revisions of all that the answer depends on within the cluster.
    private func fingerprint(_ target: AggregatedService) -> [UInt64] {
        let key = ObjectKey(resource: "services", namespace: target.namespace, name: target.service)
        let slices = store.list(EndpointSlice.resource, namespace: target.namespace).objects.filter {
            (try? EndpointSlice(decoding: $0))?[label: "kubernetes.io/service-name"] == target.service
        }
        return [
            UInt64(bitPattern: Int64(target.destination.hashValue)), store.get(key)?.revision ?? 0,
        ] + slices.map(\.revision)
    }

    private func inspect(_ service: AggregatedService) async -> Bool {
        do {
            var result = Availability.passed
            if let obstacle = try check.obstacle(service) {
                result = obstacle
            } else {
                let (availability, resources) = await check.ask(service)
                result = availability
                if let resources { server.aggregation.learn(resources, of: service.name) }
            }
            try await write(result, to: service.name)
            return result.isAvailable
        } catch {
            logger.error(
                "availability was not written",
                metadata: ["apiservice": "\(service.name)", "error": "\(error)"])
            return false
        }
    }

    private func write(_ availability: Availability, to name: String) async throws {
        let key = ObjectKey(resource: AggregatedServices.resource, name: name)
        guard let stored = store.get(key) else { return }
        let conditions = try APIObject(decoding: stored)[path: "status", "conditions"]?.array ?? []
        guard availability.applied(to: conditions, now: server.clock.now) != nil else { return }
        do {
            _ = try await server.registry.change(
                try definition(), namespace: "", name: name, subresource: "status", context
            ) { object in
                var object = object
                let conditions = object[path: "status", "conditions"]?.array ?? []
                if let new = availability.applied(to: conditions, now: server.clock.now) {
                    object["status"] = ["conditions": .array(new)]
                }
                object[path: "metadata", "resourceVersion"] = nil
                return object
            }
        } catch let status as APIStatus where status.reason == .notFound {
            return
        }
    }
}
