public import EdgeBase
public import NIOCore

/// How a node's DNS server is set up.
public struct DNSConfiguration: Sendable {
    /// Where questions about other names go.
    public enum Upstreams: Sendable {
        /// The `nameserver` lines of a file in the form of resolv.conf(5), at this path and read by `read`, which
        /// must not block its thread. Lines that name edge's own addresses are passed over.
        case file(String, read: @Sendable (String) async throws -> [UInt8])
        case servers([Server])
    }

    /// A name server outside.
    public struct Server: Sendable, Hashable {
        public var address: IPAddress
        public var port: Int

        public init(_ address: IPAddress, port: Int = 53) {
            self.address = address
            self.port = port
        }
    }

    /// What bounds memory and work.
    public struct Limits: Sendable, Hashable {
        public var cachedAnswers = 4096
        /// The bytes of the cached answers.
        public var cachedBytes = 2 << 20
        /// Questions that are being asked outside at one time.
        public var openQuestions = 256
        /// Clients that wait for them.
        public var waitingClients = 2048
        public var connections = 256
        public var connectionsPerClient = 32
        /// Questions of one TCP connection that are being asked outside.
        public var questionsPerConnection = 32
        /// How long a TCP connection may be silent.
        public var idleTime = TimeAmount.seconds(10)

        public init() {}
    }

    /// The addresses to listen on, UDP and TCP.
    public var addresses: [IPAddress]
    public var port: Int
    public var clusterDomain: String
    /// The addresses that pods know the server by (the cluster DNS address); the zone's name server has them.
    public var clusterDNS: [IPAddress]
    /// The networks of Services and pods: questions about their reverse names never leave the cluster.
    public var clusterNetworks: [CIDR]
    public var upstreams: Upstreams
    /// For records and denials of the cluster's zone, in seconds.
    public var ttl: UInt32 = 5
    /// How long a server outside has for an answer.
    public var upstreamTimeout = TimeAmount.seconds(2)
    public var limits = Limits()
    /// The time for cached answers; a test moves it.
    public var now: @Sendable () -> NIODeadline = { NIODeadline.now() }

    public init(
        addresses: [IPAddress], port: Int = 53, clusterDomain: String = "cluster.local",
        clusterDNS: [IPAddress], clusterNetworks: [CIDR], upstreams: Upstreams
    ) {
        self.addresses = addresses
        self.port = port
        self.clusterDomain = clusterDomain
        self.clusterDNS = clusterDNS
        self.clusterNetworks = clusterNetworks
        self.upstreams = upstreams
    }
}
