public import EdgeBase
internal import Glibc

/// An address of an interface; `cidr` holds the address itself and its prefix length.
public struct InterfaceAddress: Hashable, Sendable {
    public var interface: Int32
    public var cidr: CIDR
    public var scope: RouteScope
    /// The kernel adds no route for the network of the prefix.
    public var noPrefixRoute: Bool

    public init(interface: Int32, cidr: CIDR, scope: RouteScope = .universe, noPrefixRoute: Bool = false) {
        self.interface = interface
        self.cidr = cidr
        self.scope = scope
        self.noPrefixRoute = noPrefixRoute
    }
}

extension RouteClient {
    /// The addresses of one interface or of all.
    public func addresses(of interface: Int32? = nil) throws -> [InterfaceAddress] {
        var request = NetlinkRequest(type: RTM.getAddress)
        request.body.addressHeader(family: AddressFamily.unspecified, index: interface ?? 0)
        return try session.dump(request, "list", "addresses")
            .compactMap { try InterfaceAddress($0) }
            .filter { interface == nil || $0.interface == interface }
    }

    /// Adds an address; one that exists already is an error (EEXIST).
    public func add(_ address: InterfaceAddress) throws {
        try send(address, RTM.newAddress, NLMFlag.create | NLMFlag.exclusive, "add address")
    }

    /// Adds an address or changes the settings of the one that exists.
    public func replace(_ address: InterfaceAddress) throws {
        try send(address, RTM.newAddress, NLMFlag.create | NLMFlag.replace, "replace address")
    }

    /// False when there was none.
    @discardableResult
    public func delete(_ address: InterfaceAddress) throws -> Bool {
        try deleting(
            { try send(address, RTM.delAddress, 0, "delete address") }, absent: EADDRNOTAVAIL, ENODEV)
    }

    private func send(_ address: InterfaceAddress, _ type: UInt16, _ flags: UInt16, _ operation: String)
        throws
    {
        var request = NetlinkRequest(type: type, flags: flags)
        let ip = address.cidr.address
        request.body.addressHeader(
            family: ip.family, prefix: address.cidr.prefixLength, scope: address.scope,
            index: address.interface)
        request.body.attribute(IFA.local, ip.bytes)
        request.body.attribute(IFA.address, ip.bytes)
        var bits: UInt32 = address.noPrefixRoute ? IFA.Flag.noPrefixRoute : 0
        // Addresses here are given out once; waiting for duplicate detection would only delay a pod.
        if !ip.isIPv4 { bits |= IFA.Flag.noDAD }
        request.body.attribute(IFA.flags, bits)
        try session.execute(request, operation, "\(address.cidr) on index \(address.interface)")
    }
}

extension NetlinkWriter {
    /// `struct ifaddrmsg`
    mutating func addressHeader(
        family: UInt8, prefix: Int = 0, scope: RouteScope = .universe, index: Int32 = 0
    ) {
        append(family)
        append(UInt8(prefix))
        append(UInt8(0))
        append(scope.rawValue)
        append(index)
    }
}

extension IPAddress {
    /// AF_INET or AF_INET6.
    var family: UInt8 { isIPv4 ? AddressFamily.inet : AddressFamily.inet6 }
}

extension InterfaceAddress {
    /// Nil for families other than IP.
    init?(_ message: NetlinkMessage) throws {
        var reader = NetlinkReader(message.payload)
        _ = try reader.read(UInt8.self)
        let prefix = Int(try reader.read(UInt8.self))
        _ = try reader.read(UInt8.self)
        let scope = RouteScope(rawValue: try reader.read(UInt8.self))
        let index = try reader.read(Int32.self)
        let attributes = try reader.attributes()
        // IFA_ADDRESS is the peer's address of a point-to-point interface where IFA_LOCAL is present too.
        guard let ip = (attributes[IFA.local] ?? attributes[IFA.address]).flatMap({ IPAddress(bytes: $0) }),
            let cidr = CIDR(ip, prefixLength: prefix)
        else { return nil }
        let flags = attributes.integer(IFA.flags, as: UInt32.self) ?? 0
        self.init(
            interface: index, cidr: cidr, scope: scope, noPrefixRoute: flags & IFA.Flag.noPrefixRoute != 0)
    }
}
