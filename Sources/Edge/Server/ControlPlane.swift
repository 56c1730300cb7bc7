internal import EdgeAPIServer
internal import EdgeBase
internal import EdgeClient
internal import EdgeControllers
internal import EdgeHost
internal import EdgeJoin
internal import EdgeScheduler
internal import EdgeStorage
internal import EdgeSystem
internal import EdgeTransport
internal import Logging
internal import NIOPosix

/// The server's half of a cluster: store, API server, controllers and scheduler, wired together.
final class ControlPlane: Sendable {
    let options: ServerOptions
    let layout: DataLayout
    let address: IPAddress
    let pki: ClusterPKI
    let secrets: ServerSecrets
    let store: ObjectStore
    let api: APIServer
    let timers: TimerQueue
    let nodes: NodeConnections
    private let clock: any WallClock
    private let logger = Logger(label: "edge.server")

    private init(
        options: ServerOptions, layout: DataLayout, address: IPAddress, pki: ClusterPKI,
        secrets: ServerSecrets,
        store: ObjectStore, api: APIServer, timers: TimerQueue, nodes: NodeConnections, clock: any WallClock
    ) {
        self.nodes = nodes
        self.options = options
        self.layout = layout
        self.address = address
        self.pki = pki
        self.secrets = secrets
        self.store = store
        self.api = api
        self.timers = timers
        self.clock = clock
    }

    /// As whom this server shows itself to the API servers behind it.
    private static let frontProxyName = "system:auth-proxy"

    /// Opens the store and makes the keys; nothing listens yet.
    static func open(
        _ options: ServerOptions, node: NodeOptions, clock: any WallClock = SystemWallClock()
    ) async throws -> ControlPlane {
        let layout = node.layout
        let timers = TimerQueue()
        try SmallFile.makeDirectory("\(layout.data)/server/db", mode: 0o700)
        try HostRecord.update(dataDirectory: layout.data) { record in
            record.runDirectory = layout.run
            record.kubeconfig = options.writeKubeconfig
        }
        let address = try serverAddress(options, node)
        let pki = try ClusterPKI.loadOrCreate(directory: layout.tls, clock: clock)
        let secrets = try ServerSecrets.load(
            layout, token: try node.readToken(), agentToken: options.agentToken)
        let token = try pki.joinToken(user: "node", secret: secrets.agent)
        try SmallFile.write(token.text + "\n", to: layout.token, mode: 0o600)
        var storeOptions = StoreOptions(
            path: layout.database, logger: Logger(label: "edge.store"), timers: timers)
        storeOptions.clock = clock
        let encryption = try SecretsEncryption(
            path: layout.encryption, enables: options.secretsEncryption, clock: clock)
        storeOptions.transformers["secrets"] = encryption
        let store = try await ObjectStore.open(storeOptions)
        var configuration = APIServer.Configuration(
            gitVersion: EdgeVersion.git, platform: EdgeVersion.platform,
            serviceCIDRs: [options.serviceCIDR].compactMap { CIDR($0) }, nodePorts: try options.nodePorts)
        configuration.issuer = "https://kubernetes.default.svc.\(options.clusterDomain)"
        configuration.notReadyTolerationSeconds = options.defaultNotReadyTolerationSeconds
        configuration.unreachableTolerationSeconds = options.defaultUnreachableTolerationSeconds
        configuration.encryption = encryption
        configuration.audit = try options.audit.merged(with: options.kubeApiserverArg).open(layout)
        configuration.serverCA = Array(pki.server.certificate.utf8)
        configuration.clientCA = pki.client.certificate
        configuration.requestHeaderCA = pki.requestHeader.certificate
        configuration.frontProxyName = Self.frontProxyName
        configuration.frontProxy = try pki.ensureLeaf(
            "client-auth-proxy", .client(Self.frontProxyName), by: pki.requestHeader, now: clock.now)
        let accounts = ServiceAccountTokens(
            key: pki.tokenKey, issuer: configuration.issuer, store: store, clock: clock)
        let api = try APIServer(
            configuration: configuration, store: store, tokens: accounts,
            authenticators: [secrets.authenticator, BootstrapTokenAuthenticator(store: store, clock: clock)],
            timers: timers, clock: clock)
        let nodes = try NodeConnections(
            pki: pki, group: MultiThreadedEventLoopGroup.singleton, now: clock.now)
        api.attach(nodes: nodes)
        api.attach { text in
            WorkQueueMetrics.shared.write(to: &text)
            text.writeProcess()
        }
        return ControlPlane(
            options: options, layout: layout, address: address, pki: pki, secrets: secrets, store: store,
            api: api,
            timers: timers, nodes: nodes, clock: clock)
    }

    private static func serverAddress(_ options: ServerOptions, _ node: NodeOptions) throws -> IPAddress {
        if let text = options.advertiseAddress ?? node.nodeIP {
            guard let address = IPAddress(text) else {
                throw CommandFailure("\"\(text)\" is not an address")
            }
            return address
        }
        return try HostAddress.detect() ?? .v4(.loopback)
    }

    // MARK: Running

    /// Serves until the task is cancelled, then closes the store.
    /// - Parameter onReady: runs on once the API answers and the cluster's own objects are there.
    func run(group: MultiThreadedEventLoopGroup, onReady: @escaping @Sendable () async throws -> Void)
        async throws
    {
        api.requireForReadiness("poststarthook/bootstrap")
        api.useEventLoops(group)
        let server = try await HTTPServer.start(
            host: options.bindAddress, port: options.httpsListenPort, group: group, tls: try servingContext(),
            clock: clock, handler: api)
        do {
            try await api.bootstrap()
            try await api.publishCluster(try facts.data)
            try await api.publishAuthentication()
            try await api.publishService(addresses: [address], port: server.port)
            await publishDNS()
            try HostRecord.update(dataDirectory: layout.data) { [address] record in
                record.serverURL = "https://\(address.isIPv4 ? "\(address)" : "[\(address)]"):\(server.port)"
            }
            try AdminKubeconfig.write(
                to: options.writeKubeconfig, mode: UInt32(options.writeKubeconfigMode, radix: 8) ?? 0o600,
                server: "https://\(localHost):\(server.port)", pki: pki, now: clock.now)
            try await runComponents(onReady)
        } catch {
            await stop(server)
            throw error
        }
        await stop(server)
    }

    /// A cluster whose DNS address has been given to another Service works, except for looking DNS up by name.
    private func publishDNS() async {
        guard let address = IPAddress(options.clusterDNS) else { return }
        do { try await api.publishDNS(address: address) } catch {
            logger.error("the kube-dns service cannot be made", metadata: ["error": "\(error)"])
        }
    }

    private func stop(_ server: HTTPServer) async {
        api.requireForReadiness("shutdown")
        nodes.closeAll()
        await server.shutdown()
        api.configuration.audit?.close()
        do { try await store.close() } catch {
            logger.error("store did not close", metadata: ["error": "\(error)"])
        }
    }

    private func runComponents(_ onReady: @escaping @Sendable () async throws -> Void) async throws {
        let informers = InformerSet(
            source: StoreObjectSource(store: store), indexers: ControllerIndexes.all,
            otherIndexers: ControllerIndexes.ofCustomResources)
        let context = ControllerContext(
            client: { [api] in InProcessClient(server: api, user: .controller($0)) }, informers: informers,
            timers: timers, clock: clock)
        let controllers = try controllers(context)
        let scheduler = Scheduler(
            client: InProcessClient(server: api, user: .controller("scheduler")), informers: informers,
            timers: timers,
            clock: clock)
        try await withThrowingTaskGroup { group in
            group.addTask { await informers.run() }
            group.addTask { [self] in
                try await informers.waitUntilSynced()
                api.markReady("poststarthook/bootstrap")
                try await onReady()
            }
            if options.disableAgent {
                group.addTask { [self] in await ServerControl().run(at: layout.controlSocket) }
            }
            group.addTask { await scheduler.run() }
            group.addTask { [api] in await api.runCustomResources() }
            group.addTask { [api] in await api.runAggregation() }
            for controller in controllers {
                group.addTask { await controller.run() }
            }
            defer { group.cancelAll() }
            // Components end only when they are cancelled; a failure of one ends them all.
            try await group.waitForAll()
        }
    }

    private func controllers(_ context: ControllerContext) throws -> [any RunnableController] {
        guard let pods = CIDR(options.clusterCIDR) else { return [] }
        return [
            DeploymentController(context), ReplicaSetController(context), EndpointSliceController(context),
            NamespaceController(context), ServiceAccountController(context),
            RootCAPublisher(context, certificate: pki.server.certificate), GarbageCollector(context),
            NodeLifecycleController(context, gracePeriod: try options.gracePeriod),
            NodeIPAMController(context, clusterCIDR: pods), PodGarbageCollector(context),
            CertificateController(context, signer: ClusterSigner(pki: pki, clock: clock)),
            ResourceQuotaController(context), EventExpiryController(context), TokenCleaner(context),
            ClusterRoleAggregationController(context), DisruptionController(context),
            VolumeProtectionController(context), EndpointSliceMirroringController(context),
        ]
    }

    // MARK: Certificates

    private func servingContext() throws -> TLSServerContext {
        var names = [
            "kubernetes", "kubernetes.default", "kubernetes.default.svc",
            "kubernetes.default.svc.\(options.clusterDomain)", "localhost",
        ]
        var addresses: [IPAddress] = [.v4(.loopback), .v6(.loopback), address]
        if let service = CIDR(options.serviceCIDR)?.address(at: 1) { addresses.append(service) }
        for text in options.tlsSan {
            if let address = IPAddress(text) { addresses.append(address) } else { names.append(text) }
        }
        let pair = try pki.ensureLeaf(
            "serving-kube-apiserver",
            .serving("edge-apiserver", dnsNames: names, addresses: Array(Set(addresses)).sorted()),
            by: pki.server,
            now: clock.now)
        return try TLSServerContext(
            .init(
                certificateChain: pair.certificate, privateKey: pair.privateKey,
                clientAuthorities: pki.client.certificate))
    }

    private var localHost: String {
        options.bindAddress == "0.0.0.0" || options.bindAddress == "::" ? "127.0.0.1" : options.bindAddress
    }
}
