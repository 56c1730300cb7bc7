public import EdgeBase

/// How far an address or a route reaches: RT_SCOPE_*.
public struct RouteScope: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let universe = RouteScope(rawValue: 0)
    public static let link = RouteScope(rawValue: 253)
    public static let host = RouteScope(rawValue: 254)
}

/// What happens to a packet that a route matches: RTN_*.
public struct RouteType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let unicast = RouteType(rawValue: 1)
    public static let local = RouteType(rawValue: 2)
    public static let blackhole = RouteType(rawValue: 6)
    public static let unreachable = RouteType(rawValue: 7)
}

/// Who made a route: RTPROT_*. A number of one's own marks one's own routes.
public struct RouteProtocol: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let kernel = RouteProtocol(rawValue: 2)
    public static let boot = RouteProtocol(rawValue: 3)
    public static let `static` = RouteProtocol(rawValue: 4)
    /// edge's own routes. Not assigned by the kernel's list (linux/rtnetlink.h) nor by iproute2's.
    public static let edge = RouteProtocol(rawValue: 0xed)
}

/// A route of one path. Routes with several next hops are shown without gateway and interface.
public struct Route: Hashable, Sendable {
    /// 254, where routes are unless said otherwise.
    public static let mainTable: UInt32 = 254

    /// The network; prefix length 0 for the default route.
    public var destination: CIDR
    public var gateway: IPAddress?
    public var interface: Int32?
    /// The gateway counts as reachable on the interface whatever its network.
    public var onLink: Bool
    /// The source address that packets of this host get.
    public var source: IPAddress?
    public var metric: UInt32?
    public var scope: RouteScope
    public var type: RouteType
    public var creator: RouteProtocol
    public var table: UInt32

    public init(
        to destination: CIDR, via gateway: IPAddress? = nil, interface: Int32? = nil, onLink: Bool = false,
        source: IPAddress? = nil, metric: UInt32? = nil, scope: RouteScope? = nil, type: RouteType = .unicast,
        creator: RouteProtocol = .edge, table: UInt32 = Route.mainTable
    ) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
        self.onLink = onLink
        self.source = source
        self.metric = metric
        // IPv6 knows no scopes; an IPv4 network without a gateway is on the link.
        let isDirect = gateway == nil && type == .unicast && destination.address.isIPv4
        self.scope = scope ?? (isDirect ? .link : .universe)
        self.type = type
        self.creator = creator
        self.table = table
    }
}

extension Route: CustomStringConvertible {
    public var description: String {
        var text = "\(destination)"
        if let gateway { text += " via \(gateway)" }
        if let interface { text += " on index \(interface)" }
        return text
    }
}
