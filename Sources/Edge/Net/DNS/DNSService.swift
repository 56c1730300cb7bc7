internal import EdgeBase
public import EdgeClient
public import Logging
public import NIOCore
internal import Synchronization

/// A node's DNS server: answers the cluster's names from memory and asks the host's servers for all others.
public final class DNSService: Sendable {
    /// The cluster's names as this node knows them.
    public let zones: DNSZoneStore
    private let configuration: DNSConfiguration
    private let servers: UpstreamServers
    private let forwarder: DNSForwarder
    private let server: DNSServer
    private let counters = DNSCounters()
    private let logger: Logger

    /// Asks `informers` for Services, EndpointSlices and Namespaces, so make it before the set runs. Throws
    /// `DNSError.badDomain`.
    public init(
        _ configuration: DNSConfiguration, informers: InformerSet, group: any EventLoopGroup,
        logger: Logger = Logger(label: "edge.dns")
    ) throws {
        guard
            let zone = ZoneConfiguration(
                domain: configuration.clusterDomain, nameServerAddresses: configuration.clusterDNS,
                networks: configuration.clusterNetworks, ttl: configuration.ttl)
        else { throw DNSError.badDomain(configuration.clusterDomain) }
        self.configuration = configuration
        self.logger = logger
        zones = DNSZoneStore(zone, logger: logger)
        servers = UpstreamServers(
            configuration.upstreams, excluding: Set(configuration.addresses + configuration.clusterDNS),
            logger: logger, now: configuration.now)
        forwarder = DNSForwarder(
            servers: servers, limits: configuration.limits, timeout: configuration.upstreamTimeout,
            group: group, counters: counters, now: configuration.now)
        let resolver = QueryResolver(zones: zones, forwarder: forwarder, counters: counters)
        server = DNSServer(resolver, limits: configuration.limits, counters: counters, group: group)
        zones.follow(informers)
    }

    /// Reads the upstream servers and listens; returns the port, which matters where 0 was asked for. Throws
    /// `DNSError.cannotListen`. Until the informers have their first lists, cluster names get SERVFAIL.
    @discardableResult
    public func start() async throws -> Int {
        await servers.load()
        let port = try await server.bind(configuration.addresses, port: configuration.port)
        logger.debug(
            "dns listens",
            metadata: ["addresses": "\(configuration.addresses)", "port": "\(port)"])
        return port
    }

    /// Starts, serves until the task is cancelled, and shuts down.
    public func run() async throws {
        try await start()
        let (stream, continuation) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingNewest(1))
        for await _ in stream {}
        continuation.finish()
        await shutdown()
    }

    /// Closes the sockets.
    public func shutdown() async {
        await server.close()
    }

    public var metrics: DNSMetrics {
        let size = forwarder.cacheSize
        return counters.metrics(cachedAnswers: size.answers, cachedBytes: size.bytes)
    }
}
