internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeSystem
internal import Logging

/// Registers the node, renews its lease, and writes its status when that has changed.
actor NodeReporter {
    private let configuration: KubeletConfiguration
    private let client: any APIClient
    private let images: any ImageProvider
    private let network: any PodNetworking
    private let clock: any WallClock
    private let logger: Logger
    private let facts: NodeFacts
    private let nodes: Informer
    private let onPodCIDR: @Sendable (CIDR) async -> Void
    private static let lookInterval: Duration = .seconds(30)
    private var node: Node?
    private var podCIDR: CIDR?
    private var lastStatus: Timestamp?
    private var lastLook: Timestamp?
    private var isUnready = true
    private var lease: Lease?

    init(
        _ configuration: KubeletConfiguration, _ dependencies: KubeletDependencies, facts: NodeFacts,
        nodes: Informer, onPodCIDR: @escaping @Sendable (CIDR) async -> Void
    ) {
        self.configuration = configuration
        client = dependencies.client
        images = dependencies.images
        network = dependencies.network
        clock = dependencies.clock
        logger = dependencies.logger
        self.facts = facts
        self.nodes = nodes
        self.onPodCIDR = onPodCIDR
    }

    /// Until the task is cancelled. Lease and status keep their rhythm whatever happens to the other one.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.followNode() }
            await keepRhythm()
            group.cancelAll()
        }
    }

    private func keepRhythm() async {
        await register()
        while !Task.isCancelled {
            await renewLease()
            // Memory and disk have no events: they are looked at now and then.
            let isDue = lastLook.map { clock.now - $0 >= Self.lookInterval } ?? true
            let hadPodCIDR = podCIDR != nil
            if isDue || isUnready { await reportStatus() }
            // When the pod CIDR came with the answer, the network is ready now, and the node with it.
            if !hadPodCIDR, podCIDR != nil, isUnready { await reportStatus() }
            // The pod CIDR comes within moments of the registration.
            let pause = podCIDR == nil ? Duration.milliseconds(200) : configuration.leaseRenewal
            try? await Task.sleep(for: pause)
        }
    }

    // MARK: What others make of the node

    /// Hears what becomes of the Node object: its pod CIDR, and that somebody holds the node for silent, which must
    /// be put right as soon as the server is within reach again.
    private func followNode() async {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let name = configuration.nodeName
        nodes.addHandler { changes in
            if changes.contains(where: { $0.object.key.name == name }) { wake.yield() }
        }
        for await _ in wakes { await look() }
    }

    private func look() async {
        guard let mine = node else { return }
        guard let stored = nodes.get(name: configuration.nodeName) else {
            // Somebody has deleted the node: it comes back as a new one.
            if nodes.hasSynced { await register() }
            return
        }
        guard let seen = try? Node(decoding: stored), stored.revision > UInt64(mine.resourceVersion) ?? 0
        else {
            return
        }
        let hadPodCIDR = podCIDR != nil
        await take(seen)
        let isDoubted = seen.status.condition("Ready")?.status == .unknown
        if isDoubted || !hadPodCIDR { await reportStatus() }
    }

    private func builder() async -> NodeStatusBuilder {
        var builder = NodeStatusBuilder(configuration: configuration, facts: facts, now: clock.now)
        builder.images = images.summaries()
        builder.unready = await network.unreadyReason().map { "container runtime network not ready: \($0)" }
        builder.availableMemory = (try? SystemMemory.current()).map { Int64(clamping: $0.available) } ?? .max
        builder.storage = try? await images.storageUsage()
        return builder
    }

    // MARK: Registration

    private func register() async {
        let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(7))
        var failures = 0
        while !Task.isCancelled {
            do {
                return try await registerOnce()
            } catch {
                let level: Logger.Level = failures == 5 ? .warning : .debug
                logger.log(level: level, "node not registered", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.delay(afterFailures: failures))
                failures += 1
            }
        }
    }

    private func registerOnce() async throws {
        let builder = await builder()
        do {
            await take(try Node(decoding: try await client.create(Node.resource, builder.node().object)))
            lastStatus = clock.now
        } catch let status as APIStatus where status.reason == .alreadyExists {
            let key = ObjectKey(resource: Node.resource, name: configuration.nodeName)
            let present = try Node(decoding: try await client.get(key))
            let labels = builder.labels.filter { present.labels[$0.key] != $0.value }
            await take(present)
            guard !labels.isEmpty else { return }
            let members = labels.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            let patch: JSONValue = ["metadata": ["labels": .object(JSONObject(members))]]
            await take(try Node(decoding: try await client.patch(key, Patch(.merge, patch))))
        }
    }

    private func take(_ node: Node) async {
        self.node = node
        guard podCIDR == nil, let cidr = CIDR(node.spec.podCIDR) else { return }
        podCIDR = cidr
        await onPodCIDR(cidr)
    }

    // MARK: Status

    private func reportStatus() async {
        guard var present = node else { return }
        lastLook = clock.now
        do {
            if podCIDR == nil {
                present = try Node(decoding: try await client.get(present.key))
                await take(present)
            }
            let new = await builder().status(present.status)
            isUnready = !new.isTrue("Ready")
            let isDue = lastStatus.map { clock.now - $0 >= configuration.statusUpdateFrequency } ?? true
            guard isDue || NodeStatusBuilder.isDifferent(present.status, new) else { return }
            await take(try await write(new, present))
            lastStatus = clock.now
        } catch let status as APIStatus where status.reason == .notFound {
            // Somebody has deleted the node: it comes back as a new one.
            await register()
        } catch {
            logger.debug("node status not written", metadata: ["error": "\(error)"])
        }
    }

    /// Conditions of others are kept: the patch is made for the newest version.
    private func write(_ status: NodeStatus, _ present: Node) async throws -> Node {
        do {
            return try Node(
                decoding: try await client.patch(present.key, patch(status, present), subresource: "status"))
        } catch let failure as APIStatus where failure.reason == .conflict {
            let newer = try Node(decoding: try await client.get(present.key))
            let status = await builder().status(newer.status)
            return try Node(
                decoding: try await client.patch(newer.key, patch(status, newer), subresource: "status"))
        }
    }

    private func patch(_ status: NodeStatus, _ node: Node) -> Patch {
        Patch(
            .merge,
            ["metadata": ["resourceVersion": .string(node.resourceVersion)], "status": status.json])
    }

    // MARK: Lease

    private func renewLease() async {
        do {
            try await writeLease()
        } catch let status as APIStatus where status.reason == .conflict || status.reason == .notFound {
            lease = nil
            do { try await writeLease() } catch {
                logger.debug("node lease not renewed", metadata: ["error": "\(error)"])
            }
        } catch {
            logger.debug("node lease not renewed", metadata: ["error": "\(error)"])
        }
    }

    private func writeLease() async throws {
        let key = ObjectKey(
            resource: Lease.resource, namespace: "kube-node-lease", name: configuration.nodeName)
        if var present = lease {
            present.spec.renewTime = clock.now
            lease = try Lease(decoding: try await client.update(Lease.resource, present.object))
            return
        }
        do {
            var present = try Lease(decoding: try await client.get(key))
            fill(&present)
            lease = try Lease(decoding: try await client.update(Lease.resource, present.object))
        } catch let status as APIStatus where status.reason == .notFound {
            var new = Lease(namespace: key.namespace, name: key.name)
            fill(&new)
            lease = try Lease(decoding: try await client.create(Lease.resource, new.object))
        }
    }

    private func fill(_ lease: inout Lease) {
        lease.spec.holderIdentity = configuration.nodeName
        lease.spec.leaseDurationSeconds = Int(configuration.leaseDuration.inSeconds)
        lease.spec.renewTime = clock.now
        guard let node, lease.ownerReferences.isEmpty else { return }
        lease.ownerReferences = [
            OwnerReference([
                "apiVersion": "v1", "kind": "Node", "name": .string(node.name), "uid": .string(node.uid),
            ])
        ]
    }
}
