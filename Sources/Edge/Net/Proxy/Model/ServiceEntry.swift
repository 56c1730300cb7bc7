public import EdgeBase

/// The namespace and name of a Service.
public struct ServiceName: Hashable, Sendable {
    public let namespace: String
    public let name: String

    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension ServiceName: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }

    public var description: String { "\(namespace)/\(name)" }
}

/// One port of a Service: what endpoints are matched with.
public struct ServicePortName: Hashable, Sendable {
    public let service: ServiceName
    /// "" for the only port of a Service, which needs no name.
    public let port: String
    public let transport: TransportProtocol

    public init(service: ServiceName, port: String, transport: TransportProtocol) {
        self.service = service
        self.port = port
        self.transport = transport
    }
}

/// Which endpoints serve: all of them, or those on the node that the traffic reached.
public enum TrafficPolicy: Hashable, Sendable {
    case cluster, local
}

/// One port of a Service as the proxy needs it.
public struct ServiceEntry: Hashable, Sendable {
    public var portName: ServicePortName
    /// Of both families; the proxy serves IPv4.
    public var clusterIPs: [IPAddress]
    public var port: UInt16
    public var nodePort: UInt16?
    public var externalIPs: [IPAddress]
    /// Addresses of load balancers that pass packets on unchanged (`ipMode` VIP).
    public var loadBalancerIPs: [IPAddress]
    /// Who may use the load balancer's addresses; empty for everybody.
    public var loadBalancerSourceRanges: [CIDR]
    /// Seconds for which a client stays with its endpoint; nil without session affinity.
    public var affinityTimeout: UInt32?
    public var internalTrafficPolicy: TrafficPolicy
    public var externalTrafficPolicy: TrafficPolicy
    /// Where load balancers ask whether this node has endpoints, with external policy Local.
    public var healthCheckNodePort: UInt16?

    public init(
        portName: ServicePortName, clusterIPs: [IPAddress], port: UInt16, nodePort: UInt16? = nil,
        externalIPs: [IPAddress] = [], loadBalancerIPs: [IPAddress] = [],
        loadBalancerSourceRanges: [CIDR] = [], affinityTimeout: UInt32? = nil,
        internalTrafficPolicy: TrafficPolicy = .cluster, externalTrafficPolicy: TrafficPolicy = .cluster,
        healthCheckNodePort: UInt16? = nil
    ) {
        self.portName = portName
        self.clusterIPs = clusterIPs
        self.port = port
        self.nodePort = nodePort
        self.externalIPs = externalIPs
        self.loadBalancerIPs = loadBalancerIPs
        self.loadBalancerSourceRanges = loadBalancerSourceRanges
        self.affinityTimeout = affinityTimeout
        self.internalTrafficPolicy = internalTrafficPolicy
        self.externalTrafficPolicy = externalTrafficPolicy
        self.healthCheckNodePort = healthCheckNodePort
    }

    /// `<namespace>/<name>/<protocol>/<port>`, which is unique among the ports of all Services.
    var identifier: String {
        "\(portName.service)/\(portName.transport.name)/\(port)"
    }
}
