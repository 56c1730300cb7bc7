public import EdgeJSON
public import EdgeNetlink

/// The one owner of edge's nf_tables table: makes the kernel send packets for Services, node ports and host
/// ports to their endpoints, masquerades where answers have to come back, and refuses what nobody serves.
///
/// Changes are told by the `set...` functions and take effect with the next `sync`, which `run` calls. Until
/// `start` says that the first lists of Services and EndpointSlices are complete, nothing is written: the
/// rules of an earlier process stay in force meanwhile.
///
/// Calls block for some system calls, on a thread that belongs to the actor.
public actor ServiceProxy {
    private nonisolated let configuration: ProxyConfiguration
    private let builder: RulesetBuilder
    private let tables: NFTablesClient
    private let conntrack: ConntrackClient
    private let executor: NetlinkExecutor

    private var tracker: ProxyTracker
    private var applied: Ruleset?
    private var frontends = DatagramFrontends()
    /// Written, but connections to endpoints that have gone are still to be forgotten.
    private var pendingFrontends: DatagramFrontends?
    private var isStarted = false
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Fails for a configuration that cannot be had. Nothing is changed before `sync`. An executor may be
    /// shared with other owners of netlink sockets.
    public init(_ configuration: ProxyConfiguration, executor: NetlinkExecutor? = nil) throws {
        try configuration.validate()
        self.configuration = configuration
        builder = RulesetBuilder(configuration: configuration)
        self.executor = try executor ?? NetlinkExecutor()
        tables = try NFTablesClient(in: configuration.namespace)
        conntrack = try ConntrackClient(in: configuration.namespace)
        tracker = ProxyTracker(nodeName: configuration.nodeName)
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The new version of a v1 Service; nil when it is gone.
    public func setService(_ service: ServiceName, _ object: JSONValue?) {
        change { $0.setService(service, object) }
    }

    /// The new version of a discovery.k8s.io/v1 EndpointSlice; nil when it is gone.
    public func setEndpointSlice(namespace: String, name: String, _ object: JSONValue?) {
        change { $0.setEndpointSlice(namespace: namespace, name: name, object) }
    }

    /// The host ports of a pod of this node; empty when it has none or is gone.
    public func setHostPorts(ofPod id: String, _ entries: [HostPortEntry]) {
        change { $0.setHostPorts(ofPod: id, entries) }
    }

    private func change(_ body: (inout ProxyTracker) -> Void) {
        body(&tracker)
        if tracker.hasChanges, isStarted { wakeUp.yield() }
    }

    /// The first lists are complete: from now on `sync` writes.
    public func start() {
        isStarted = true
        wakeUp.yield()
    }

    /// What health checks of load balancers are to be told.
    public var serviceHealth: [ServiceHealth] { tracker.state.serviceHealth }

    /// Brings the kernel in line with what has been set, in one transaction, and forgets UDP connections to
    /// endpoints that have gone. What failed is tried again at the next call, and written as a whole.
    public func sync() throws {
        guard isStarted else { return }
        if tracker.hasChanges || applied == nil {
            let state = tracker.takeState()
            let ruleset = builder.ruleset(state)
            do {
                try commit(ruleset)
            } catch {
                applied = nil
                throw error
            }
            applied = ruleset
            pendingFrontends = DatagramFrontends(state)
        }
        guard let current = pendingFrontends else { return }
        try forgetStaleConnections(current)
        pendingFrontends = nil
    }

    private func commit(_ ruleset: Ruleset) throws {
        if let applied, let changes = ruleset.changes(from: applied) {
            do {
                return try tables.commit(changes)
            } catch is NetlinkError {
                // Somebody else has changed the table: what is assumed of it is no longer so.
            }
        }
        var kept: [String: [NFTElement]] = [:]
        for set in ruleset.sets.values where set.definition.isDynamic {
            kept[set.definition.name] = try tables.elements(of: set.definition.name, in: ruleset.table)
        }
        do {
            try tables.commit(ruleset.replacement(keeping: kept))
        } catch is NetlinkError where !kept.isEmpty {
            // Rather other endpoints for some clients than no rules.
            try tables.commit(ruleset.replacement())
        }
    }

    private func forgetStaleConnections(_ current: DatagramFrontends) throws {
        guard current != frontends else { return }
        let checked = current.including(frontends)
        try conntrack.delete { checked.isStale($0) }
        frontends = current
    }

    /// Writes everything anew if the table has gone, such as by `nft flush ruleset`.
    public func repair() throws {
        guard isStarted, applied != nil, try !tables.tables().contains(configuration.table) else { return }
        applied = nil
        try sync()
    }

    /// Syncs after changes, at most once in `interval`, until it is cancelled; repairs the table when it has
    /// been removed. Errors go to `report`; the sync is tried again after a time that doubles with every
    /// failure, up to 30 seconds.
    public func run(
        interval: Duration = .milliseconds(100), clock: any Clock<Duration> = ContinuousClock(),
        report: @escaping @Sendable (any Error) -> Void
    ) async throws {
        let monitor = try NetlinkMonitor([.tables], in: configuration.namespace)
        defer { monitor.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in monitor.events {
                    switch event {
                    case .tableRemoved, .overflow:
                        do { try await self.repair() } catch { report(error) }
                    default: break
                    }
                }
            }
            var failures = 0
            for await _ in wakeUps {
                do {
                    try sync()
                    failures = 0
                } catch {
                    report(error)
                    failures = min(failures + 1, 9)
                    wakeUp.yield()
                }
                let pause = failures == 0 ? interval : .milliseconds(50) * (1 << failures)
                try await clock.sleep(for: min(pause, .seconds(30)))
            }
            group.cancelAll()
        }
    }

    /// Deletes the table with all it holds, and nothing else.
    public func remove() throws {
        isStarted = false
        applied = nil
        pendingFrontends = nil
        try tables.deleteTable(configuration.table)
        try forgetStaleConnections(DatagramFrontends())
    }

    /// The same for an uninstall, when no proxy is running. Blocks the calling thread for some system calls.
    public static func remove(_ configuration: ProxyConfiguration) throws {
        try NFTablesClient(in: configuration.namespace).deleteTable(configuration.table)
    }
}
