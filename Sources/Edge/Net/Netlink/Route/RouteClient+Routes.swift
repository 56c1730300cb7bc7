public import EdgeBase
internal import Glibc

extension RouteClient {
    /// The unicast, local and other routes of all tables, or of one. The kernel's cache is left out.
    public func routes(family: IPFamily = .ipv4, table: UInt32? = nil) throws -> [Route] {
        var request = NetlinkRequest(type: RTM.getRoute)
        request.body.routeHeader(family: family.number)
        if let table { request.body.attribute(RTA.table, table) }
        do {
            return try session.dump(request, "list", "routes")
                .compactMap { try Route($0) }
                .filter { table == nil || $0.table == table }
        } catch let error as NetlinkError where error.errno == ENOENT {
            // A table without any route does not exist.
            return []
        }
    }

    /// Adds a route; one to the same destination with the same metric is an error (EEXIST).
    public func add(_ route: Route) throws {
        try send(route, RTM.newRoute, NLMFlag.create | NLMFlag.exclusive, "add route")
    }

    /// Adds a route, in the place of one with the same destination and metric.
    public func replace(_ route: Route) throws {
        try send(route, RTM.newRoute, NLMFlag.create | NLMFlag.replace, "replace route")
    }

    /// False when there was none.
    @discardableResult
    public func delete(_ route: Route) throws -> Bool {
        try deleting({ try send(route, RTM.delRoute, 0, "delete route") }, absent: ESRCH, ENODEV)
    }

    /// The interface, gateway and source address by which this host reaches an address; nil when it does not.
    public func route(to address: IPAddress) throws -> Route? {
        var request = NetlinkRequest(type: RTM.getRoute)
        request.body.routeHeader(family: address.family, prefix: address.bitWidth)
        request.body.attribute(RTA.destination, address.bytes)
        do {
            return try Route(try session.query(request, "find route", "\(address)"))
        } catch let error as NetlinkError
            where error.isOneOf(ENETUNREACH, EHOSTUNREACH, ENOENT, EACCES, EINVAL)
        {
            return nil
        }
    }

    private func send(_ route: Route, _ type: UInt16, _ flags: UInt16, _ operation: String) throws {
        var request = NetlinkRequest(type: type, flags: flags)
        request.body.routeHeader(
            family: route.destination.address.family, prefix: route.destination.prefixLength,
            table: UInt8(clamping: route.table), creator: route.creator, scope: route.scope, type: route.type,
            flags: route.onLink ? RTNH.onLink : 0)
        if route.destination.prefixLength > 0 {
            request.body.attribute(RTA.destination, route.destination.firstAddress.bytes)
        }
        if let gateway = route.gateway { request.body.attribute(RTA.gateway, gateway.bytes) }
        if let interface = route.interface {
            request.body.attribute(RTA.outputInterface, UInt32(bitPattern: interface))
        }
        if let source = route.source { request.body.attribute(RTA.preferredSource, source.bytes) }
        if let metric = route.metric { request.body.attribute(RTA.priority, metric) }
        request.body.attribute(RTA.table, route.table)
        try session.execute(request, operation, route.description)
    }
}

/// IPv4 or IPv6.
public enum IPFamily: Hashable, Sendable {
    case ipv4, ipv6

    var number: UInt8 { self == .ipv4 ? AddressFamily.inet : AddressFamily.inet6 }
}

extension NetlinkWriter {
    /// `struct rtmsg`
    mutating func routeHeader(
        family: UInt8, prefix: Int = 0, table: UInt8 = 0, creator: RouteProtocol = .init(rawValue: 0),
        scope: RouteScope = .universe, type: RouteType = .init(rawValue: 0), flags: UInt32 = 0
    ) {
        append([family, UInt8(prefix), 0, 0, table, creator.rawValue, scope.rawValue, type.rawValue])
        append(flags)
    }
}

extension Route {
    private static let cloned: UInt32 = 0x200

    /// Nil for a family other than IP and for entries of the route cache (RTM_F_CLONED) within a dump.
    init?(_ message: NetlinkMessage) throws {
        var reader = NetlinkReader(message.payload)
        let header = Array(try reader.take(8))
        let flags = try reader.read(UInt32.self)
        let attributes = try reader.attributes()
        let isIPv4 = header[0] == AddressFamily.inet
        guard isIPv4 || header[0] == AddressFamily.inet6 else { return nil }
        if flags & Self.cloned != 0, message.flags & NLMFlag.multi != 0 { return nil }
        let zero: IPAddress = isIPv4 ? .v4(.any) : .v6(.any)
        let address = attributes[RTA.destination].flatMap { IPAddress(bytes: $0) } ?? zero
        guard let destination = CIDR(address, prefixLength: Int(header[1])) else { return nil }
        self.init(
            to: destination, via: attributes[RTA.gateway].flatMap { IPAddress(bytes: $0) },
            interface: attributes.integer(RTA.outputInterface), onLink: flags & RTNH.onLink != 0,
            source: attributes[RTA.preferredSource].flatMap { IPAddress(bytes: $0) },
            metric: attributes.integer(RTA.priority), scope: RouteScope(rawValue: header[6]),
            type: RouteType(rawValue: header[7]), creator: RouteProtocol(rawValue: header[5]),
            table: attributes.integer(RTA.table) ?? UInt32(header[4]))
    }
}
