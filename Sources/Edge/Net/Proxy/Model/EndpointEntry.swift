public import EdgeBase

/// One endpoint of one port of a Service.
public struct EndpointEntry: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16
    public var nodeName: String?
    public var isReady: Bool
    /// Able to serve, even if it is going away.
    public var isServing: Bool
    public var isTerminating: Bool
    /// On this node.
    public var isLocal: Bool

    public init(
        address: IPAddress, port: UInt16, nodeName: String? = nil, isReady: Bool = true,
        isServing: Bool = true, isTerminating: Bool = false, isLocal: Bool = false
    ) {
        self.address = address
        self.port = port
        self.nodeName = nodeName
        self.isReady = isReady
        self.isServing = isServing
        self.isTerminating = isTerminating
        self.isLocal = isLocal
    }
}

/// Where packets are sent: an IPv4 address and a port.
public struct ProxyTarget: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let address: IPv4Address
    public let port: UInt16

    public init(_ address: IPv4Address, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }

    public var description: String { "\(address):\(port)" }
}

/// The endpoints of a Service port that are to be used, in a fixed order.
///
/// Kubernetes' rule: the ready ones; where there is none, those that still serve while they terminate. The
/// rule holds for the endpoints of all nodes and, on its own, for those of this node.
struct EndpointSelection: Equatable {
    let cluster: [ProxyTarget]
    let local: [ProxyTarget]

    init(_ endpoints: [EndpointEntry]) {
        cluster = Self.usable(endpoints)
        local = Self.usable(endpoints.filter(\.isLocal))
    }

    private static func usable(_ endpoints: [EndpointEntry]) -> [ProxyTarget] {
        let ready = targets(endpoints.filter(\.isReady))
        return ready.isEmpty ? targets(endpoints.filter { $0.isServing && $0.isTerminating }) : ready
    }

    private static func targets(_ endpoints: [EndpointEntry]) -> [ProxyTarget] {
        Set(
            endpoints.compactMap { endpoint in
                if case .v4(let address) = endpoint.address {
                    ProxyTarget(address, endpoint.port)
                } else {
                    nil
                }
            }
        ).sorted()
    }

    func targets(_ policy: TrafficPolicy) -> [ProxyTarget] {
        policy == .cluster ? cluster : local
    }
}
