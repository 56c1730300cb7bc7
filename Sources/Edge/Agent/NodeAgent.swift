internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeDNS
internal import EdgeHost
internal import EdgeJSON
internal import EdgeJoin
internal import EdgeKubelet
internal import EdgeNetlink
internal import EdgePodNetwork
internal import EdgeProxy
internal import EdgeRuntime
internal import EdgeSystem
internal import EdgeTransport
internal import Logging
internal import NIOPosix

/// A node: the kubelet with its runtime and images, the pod network, the service proxy and DNS, wired together.
final class NodeAgent: Sendable {
    let kubelet: Kubelet
    let handler: KubeletHandler
    private let runtime: RuntimeService
    private let images: ImageService
    private let informers: InformerSet
    private let network: PodNetworkHolder
    private let proxy: ServiceProxy
    private let feed: ServiceFeed
    private let peers: PeerFeed
    private let dns: DNSService?
    private let layout: DataLayout
    private let reactor: Reactor
    private let control: NodeControl
    private let logger = Logger(label: "edge.agent")

    private init(
        kubelet: Kubelet, runtime: RuntimeService, images: ImageService, informers: InformerSet,
        network: PodNetworkHolder, proxy: ServiceProxy, feed: ServiceFeed, peers: PeerFeed, dns: DNSService?,
        layout: DataLayout, reactor: Reactor, control: NodeControl,
        authorize: @escaping KubeletHandler.Authorizer
    ) {
        self.kubelet = kubelet
        handler = KubeletHandler(kubelet, authorize: authorize)
        self.runtime = runtime
        self.images = images
        self.informers = informers
        self.network = network
        self.proxy = proxy
        self.feed = feed
        self.peers = peers
        self.dns = dns
        self.layout = layout
        self.reactor = reactor
        self.control = control
    }

    /// Takes over what an earlier edge has left running, and makes everything ready to `run`.
    /// - Parameters:
    ///   - client: acts as the node.
    ///   - source: what the node's informers follow.
    ///   - authorize: who may call the kubelet.
    static func make(
        _ options: NodeOptions, name: String, address: IPAddress, cluster: ClusterFacts,
        client: any APIClient, source: any ObjectSource, group: MultiThreadedEventLoopGroup,
        timers: TimerQueue, authorize: @escaping KubeletHandler.Authorizer
    ) async throws -> NodeAgent {
        let layout = options.layout
        let reactor = try Reactor()
        try await record(options, name, cluster)
        let runtime = try await startRuntime(options, reactor)
        let images = try await openImages(
            layout.imageStore, registries: options.privateRegistry)
        // A server that was away for long must not wait as long again for its nodes.
        let informers = InformerSet(
            source: source,
            backoff: EdgeClient.Backoff(initial: .milliseconds(200), maximum: .seconds(4)))
        let network = PodNetworkHolder { podCIDR in
            let network = try PodNetwork(
                PodNetworkConfiguration(
                    nodeName: name, podCIDR: podCIDR, clusterCIDR: cluster.clusterCIDR,
                    serviceCIDR: cluster.serviceCIDR,
                    nodeAddress: address))
            try await network.ensure()
            return network
        }
        let dns = try cluster.dns.map { try makeDNS($0, cluster, options, informers, group) }
        let peers = PeerFeed(nodes: informers.informer(Node.resource), network: network) {
            await restoreDNS(at: cluster.dns, network)
        }
        let kubelet = Kubelet(
            kubeletConfiguration(options, name: name, address: address, cluster: cluster),
            KubeletDependencies(
                client: client, informers: informers, runtime: runtime, images: images, network: network,
                probes: try NetworkProbeTransport(group: group), reactor: reactor, timers: timers)
        ) { podCIDR in
            await network.start(podCIDR: podCIDR)
            await serveDNS(dns, at: cluster.dns, network)
            peers.networkStarted()
        }
        let proxy = try ServiceProxy(
            ProxyConfiguration(
                nodeName: name, clusterCIDR: cluster.clusterCIDR, serviceCIDR: cluster.serviceCIDR)
        )
        let feed = ServiceFeed(
            proxy: proxy, informers: informers, pods: informers.informer(Kubelet.podScope(name)),
            clusterDNS: cluster.dns)
        return NodeAgent(
            kubelet: kubelet, runtime: runtime, images: images, informers: informers, network: network,
            proxy: proxy,
            feed: feed, peers: peers, dns: dns, layout: layout, reactor: reactor,
            control: NodeControl(
                nodeName: name, client: client, pods: informers.informer(Kubelet.podScope(name)),
                kubelet: kubelet, images: images),
            authorize: authorize)
    }

    /// Works until the task is cancelled; pods run on.
    func run() async {
        await importArchives()
        await withTaskGroup { group in
            group.addTask { [self] in await followArchives() }
            group.addTask { [self] in await control.run(at: layout.controlSocket, reactor) }
            group.addTask { [self] in await informers.run() }
            group.addTask { [self] in await kubelet.run() }
            group.addTask { [self] in await feed.run() }
            group.addTask { [self] in await peers.run() }
            group.addTask { [self] in
                do {
                    try await proxy.run { [logger] problem in
                        logger.error("service proxy failed", metadata: ["error": "\(problem)"])
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("service proxy ended", metadata: ["error": "\(error)"])
                }
            }
        }
        await dns?.shutdown()
        runtime.disconnect()
        images.shutDown()
    }

    /// Imports what comes into the directory of archives.
    private func followArchives() async {
        let directory = layout.imageArchives
        do {
            try await BlockingPool.shared.run { try Directory.make(directory) }
            let watcher = try FileWatcher(reactor: reactor)
            try watcher.watch(directory, for: [.closedAfterWriting, .movedTo])
            // What came between the first look and the watch.
            await importArchives()
            for await change in watcher.changes
            where change.overflowed || ImageService.isArchive(change.name) { await importArchives() }
        } catch {
            logger.warning(
                "image archives are not imported",
                metadata: ["directory": "\(directory)", "error": "\(error)"])
        }
    }

    private func importArchives() async {
        do {
            for result in try await images.importDirectory(layout.imageArchives) {
                if let error = result.error {
                    logger.warning("image archive not imported", metadata: ["error": "\(error)"])
                } else if !result.isUnchanged {
                    logger.debug("image archive imported", metadata: ["path": "\(result.path)"])
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("image archives were not imported", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Parts

    /// Notes down what this node will make on the host, before it does.
    private static func record(_ options: NodeOptions, _ name: String, _ cluster: ClusterFacts) async throws {
        let root = Cgroup(layout: try CgroupLayout.detect(), path: options.cgroupRoot)
        let (directories, parents) = (root.directories, root.missingParents)
        try await BlockingPool.shared.run {
            try HostRecord.update(dataDirectory: options.dataDir) { record in
                var node = HostRecord.Node(
                    name: name, clusterCIDR: "\(cluster.clusterCIDR)", serviceCIDR: "\(cluster.serviceCIDR)",
                    cgroups: directories)
                let earlier = record.node?.cgroupParents ?? []
                node.cgroupParents = earlier + parents.filter { !earlier.contains($0) }
                record.node = node
                record.runDirectory = options.runDir
            }
        }
    }

    private static func startRuntime(_ options: NodeOptions, _ reactor: Reactor) async throws
        -> RuntimeService
    {
        let root = Cgroup(layout: try CgroupLayout.detect(), path: options.cgroupRoot)
        try root.create(parentOfOthers: true)
        let runtime = try RuntimeService(
            RuntimeConfiguration(
                runDirectory: "\(options.runDir)/runtime",
                containerDirectory: "\(options.dataDir)/agent/containers",
                cgroupRoot: root), reactor: reactor)
        try await runtime.start()
        return runtime
    }

    /// - Parameter registries: the file with mirrors and credentials; it need not exist.
    static func openImages(_ directory: String, registries: String) async throws -> ImageService {
        var configuration = ImageServiceConfiguration(
            directory: directory, logger: Logger(label: "edge.images"))
        if let text = try SmallFile.readTextIfPresent(registries) {
            do {
                let documents = try YAML.parse(text)
                if let document = documents.first {
                    configuration.registries = try RegistryConfiguration(document)
                }
            } catch {
                throw CommandFailure("read \(registries): \(error)")
            }
        }
        return try await ImageService.open(configuration)
    }

    private static func kubeletConfiguration(
        _ options: NodeOptions, name: String, address: IPAddress, cluster: ClusterFacts
    ) -> KubeletConfiguration {
        var configuration = KubeletConfiguration(
            nodeName: name, nodeAddresses: [address], dataDirectory: options.dataDir,
            runDirectory: options.runDir)
        configuration.externalAddresses = [options.nodeExternalIP].compactMap { $0.flatMap { IPAddress($0) } }
        for text in options.nodeLabel {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            configuration.nodeLabels[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        configuration.nodeTaints = options.nodeTaint.compactMap(taint)
        configuration.logDirectory = "\(options.dataDir)/agent/logs"
        configuration.clusterDNS = cluster.dns
        configuration.clusterDomain = cluster.domain
        configuration.resolvConf = options.resolvConf
        configuration.version = EdgeVersion.git
        // As in Kubernetes, a lease is renewed four times in the time that a node may be silent.
        let grace = min(40, max(1, cluster.gracePeriodSeconds))
        configuration.leaseDuration = .seconds(Int64(grace.rounded(.up)))
        configuration.leaseRenewal = .milliseconds(Int64(grace * 250))
        return configuration
    }

    /// `key=value:effect`, the value optional.
    private static func taint(_ text: String) -> Taint? {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let pair = parts[0].split(separator: "=", maxSplits: 1).map(String.init)
        var taint = Taint()
        taint.key = pair[0]
        taint.value = pair.count > 1 ? pair[1] : ""
        taint.effect = parts[1]
        return taint
    }

    // MARK: DNS

    private static func makeDNS(
        _ address: IPAddress, _ cluster: ClusterFacts, _ options: NodeOptions, _ informers: InformerSet,
        _ group: MultiThreadedEventLoopGroup
    ) throws -> DNSService {
        let configuration = DNSConfiguration(
            addresses: [address], clusterDomain: cluster.domain, clusterDNS: [address],
            clusterNetworks: [cluster.clusterCIDR, cluster.serviceCIDR],
            upstreams: .file(options.resolvConf) { try SmallFile.read($0) })
        return try DNSService(configuration, informers: informers, group: group)
    }

    /// The address lies on the pods' bridge, which may have been made anew.
    private static func restoreDNS(at address: IPAddress?, _ network: PodNetworkHolder) async {
        guard let address, let bridge = network.network?.names.bridge else { return }
        try? await BlockingPool.shared.run { try LocalAddress.add(address, to: bridge) }
    }

    /// Every node answers at the cluster's DNS address itself: the address lies on the pods' bridge, and goes
    /// with it.
    private static func serveDNS(_ dns: DNSService?, at address: IPAddress?, _ network: PodNetworkHolder)
        async
    {
        guard let dns, let address, let bridge = network.network?.names.bridge else { return }
        let logger = Logger(label: "edge.dns")
        do {
            try await BlockingPool.shared.run { try LocalAddress.add(address, to: bridge) }
            try await dns.start()
        } catch {
            logger.error("cluster DNS does not answer", metadata: ["error": "\(error)"])
        }
    }
}
