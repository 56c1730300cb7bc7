public import EdgeBase
internal import Glibc

/// A permanent entry of the ARP or neighbour table: which link address an IP address has on an interface.
public struct Neighbour: Hashable, Sendable {
    public var interface: Int32
    public var address: IPAddress
    public var linkAddress: MACAddress
    public var isPermanent: Bool

    public init(interface: Int32, address: IPAddress, linkAddress: MACAddress, isPermanent: Bool = true) {
        self.interface = interface
        self.address = address
        self.linkAddress = linkAddress
        self.isPermanent = isPermanent
    }
}

/// An entry of a VXLAN device's own forwarding database: to which host frames for a link address go.
public struct ForwardingEntry: Hashable, Sendable {
    public var interface: Int32
    public var linkAddress: MACAddress
    /// The remote host.
    public var destination: IPAddress

    public init(interface: Int32, linkAddress: MACAddress, destination: IPAddress) {
        self.interface = interface
        self.linkAddress = linkAddress
        self.destination = destination
    }
}

extension RouteClient {
    /// The neighbours of an interface whose link address is known.
    public func neighbours(of interface: Int32, family: IPFamily = .ipv4) throws -> [Neighbour] {
        var request = NetlinkRequest(type: RTM.getNeighbour)
        request.body.neighbourHeader(family: family.number)
        return try session.dump(request, "list", "neighbours").compactMap { message in
            let entry = try NeighbourMessage(message)
            guard entry.interface == interface, let address = entry.destination, let mac = entry.linkAddress
            else { return nil }
            return Neighbour(
                interface: interface, address: address, linkAddress: mac,
                isPermanent: entry.state & NUD.permanent != 0)
        }
    }

    /// Adds a permanent entry or changes the one of the same address.
    public func replace(_ neighbour: Neighbour) throws {
        try send(neighbour, RTM.newNeighbour, NLMFlag.create | NLMFlag.replace, "replace neighbour")
    }

    /// False when there was none.
    @discardableResult
    public func delete(_ neighbour: Neighbour) throws -> Bool {
        try deleting({ try send(neighbour, RTM.delNeighbour, 0, "delete neighbour") }, absent: ENOENT, ENODEV)
    }

    /// The forwarding database of a VXLAN device, without the entries that name no host.
    public func forwardingEntries(of interface: Int32) throws -> [ForwardingEntry] {
        var request = NetlinkRequest(type: RTM.getNeighbour)
        request.body.neighbourHeader(family: AddressFamily.bridge, index: interface)
        return try session.dump(request, "list", "forwarding entries").compactMap { message in
            let entry = try NeighbourMessage(message)
            guard entry.interface == interface, let address = entry.destination, let mac = entry.linkAddress
            else { return nil }
            return ForwardingEntry(interface: interface, linkAddress: mac, destination: address)
        }
    }

    /// Adds a permanent entry, in the place of one for the same link address.
    public func replace(_ entry: ForwardingEntry) throws {
        try send(entry, RTM.newNeighbour, NLMFlag.create | NLMFlag.replace, "replace forwarding entry")
    }

    /// Adds a further destination for a link address, such as the all-zero address of broadcasts.
    public func append(_ entry: ForwardingEntry) throws {
        try send(entry, RTM.newNeighbour, NLMFlag.create | NLMFlag.append, "append forwarding entry")
    }

    /// False when there was none.
    @discardableResult
    public func delete(_ entry: ForwardingEntry) throws -> Bool {
        try deleting(
            { try send(entry, RTM.delNeighbour, 0, "delete forwarding entry") }, absent: ENOENT, ENODEV)
    }

    private func send(_ neighbour: Neighbour, _ type: UInt16, _ flags: UInt16, _ operation: String) throws {
        var request = NetlinkRequest(type: type, flags: flags)
        request.body.neighbourHeader(
            family: neighbour.address.family, index: neighbour.interface, state: NUD.permanent)
        request.body.attribute(NDA.destination, neighbour.address.bytes)
        if type == RTM.newNeighbour {
            request.body.attribute(NDA.linkAddress, neighbour.linkAddress.bytes)
        }
        try session.execute(request, operation, "\(neighbour.address) on index \(neighbour.interface)")
    }

    private func send(_ entry: ForwardingEntry, _ type: UInt16, _ flags: UInt16, _ operation: String) throws {
        var request = NetlinkRequest(type: type, flags: flags)
        request.body.neighbourHeader(
            family: AddressFamily.bridge, index: entry.interface, state: NUD.permanent | NUD.noARP,
            flags: NTF.own)
        request.body.attribute(NDA.linkAddress, entry.linkAddress.bytes)
        request.body.attribute(NDA.destination, entry.destination.bytes)
        try session.execute(
            request, operation, "\(entry.linkAddress) at \(entry.destination) on index \(entry.interface)")
    }
}

extension NetlinkWriter {
    /// `struct ndmsg`
    mutating func neighbourHeader(family: UInt8, index: Int32 = 0, state: UInt16 = 0, flags: UInt8 = 0) {
        append(family)
        append(UInt8(0))
        append(UInt16(0))
        append(index)
        append(state)
        append(flags)
        append(UInt8(0))
    }
}

private struct NeighbourMessage {
    let interface: Int32
    let state: UInt16
    let destination: IPAddress?
    let linkAddress: MACAddress?

    init(_ message: NetlinkMessage) throws {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4)
        interface = try reader.read(Int32.self)
        state = try reader.read(UInt16.self)
        _ = try reader.take(2)
        let attributes = try reader.attributes()
        destination = attributes[NDA.destination].flatMap { IPAddress(bytes: $0) }
        linkAddress = attributes[NDA.linkAddress].flatMap { MACAddress(bytes: $0) }
    }
}
