internal import EdgeBase
internal import Glibc

extension RouteClient {
    /// All links of the namespace.
    public func links() throws -> [Link] {
        var request = NetlinkRequest(type: RTM.getLink)
        request.body.linkHeader()
        request.body.attribute(IFLA.extensionMask, RTEXTFilter.skipStatistics)
        return try session.dump(request, "list", "links").map(Link.init)
    }

    /// The link of a name; nil when there is none.
    public func link(named name: String) throws -> Link? {
        var request = NetlinkRequest(type: RTM.getLink)
        request.body.linkHeader()
        request.body.attribute(IFLA.name, string: name)
        request.body.attribute(IFLA.extensionMask, RTEXTFilter.skipStatistics)
        return try found(request, name)
    }

    public func link(index: Int32) throws -> Link? {
        var request = NetlinkRequest(type: RTM.getLink)
        request.body.linkHeader(index: index)
        request.body.attribute(IFLA.extensionMask, RTEXTFilter.skipStatistics)
        return try found(request, "index \(index)")
    }

    private func found(_ request: NetlinkRequest, _ object: String) throws -> Link? {
        do {
            return try Link(try session.query(request, "get link", object))
        } catch let error as NetlinkError where error.errno == ENODEV {
            return nil
        }
    }

    /// Makes a bridge without spanning tree and without multicast snooping, whose timers would keep an idle
    /// host awake. A fixed address keeps it from changing with its ports.
    public func createBridge(named name: String, mtu: Int? = nil, address: MACAddress? = nil) throws {
        try create(name, kind: "bridge", mtu: mtu, address: address) { info in
            info.nested(IFLA.Info.data) { data in
                data.attribute(IFLA.Bridge.forwardDelay, UInt32(0))
                data.attribute(IFLA.Bridge.stpState, UInt32(0))
                data.attribute(IFLA.Bridge.multicastSnooping, UInt8(0))
            }
        }
    }

    public func createVXLAN(
        named name: String, _ settings: VXLANSettings, mtu: Int? = nil, address: MACAddress? = nil
    ) throws {
        try create(name, kind: "vxlan", mtu: mtu, address: address) { info in
            info.nested(IFLA.Info.data) { data in
                data.attribute(IFLA.VXLAN.id, settings.id)
                if let device = settings.device {
                    data.attribute(IFLA.VXLAN.link, UInt32(bitPattern: device))
                }
                if let local = settings.local {
                    data.attribute(local.isIPv4 ? IFLA.VXLAN.local : IFLA.VXLAN.local6, local.bytes)
                }
                data.attribute(IFLA.VXLAN.learning, UInt8(settings.learning ? 1 : 0))
                data.attribute(IFLA.VXLAN.port, networkOrder: settings.port)
            }
        }
    }

    /// Makes a pair of which the peer comes into being in another namespace, under its final name: it is
    /// never visible in this one.
    public func createVeth(
        named name: String, mtu: Int? = nil, address: MACAddress? = nil,
        peerName: String, peerNamespace: NetworkNamespace?, peerAddress: MACAddress? = nil
    ) throws {
        try create(name, kind: "veth", mtu: mtu, address: address) { info in
            info.nested(IFLA.Info.data) { data in
                data.nested(IFLA.Veth.peer) { peer in
                    peer.linkHeader()
                    peer.attribute(IFLA.name, string: peerName)
                    if let mtu { peer.attribute(IFLA.mtu, UInt32(mtu)) }
                    if let peerAddress { peer.attribute(IFLA.address, peerAddress.bytes) }
                    if let peerNamespace {
                        peer.attribute(IFLA.netnsFD, UInt32(bitPattern: peerNamespace.descriptor))
                    }
                }
            }
        }
    }

    private func create(
        _ name: String, kind: String, mtu: Int?, address: MACAddress?, _ body: (inout NetlinkWriter) -> Void
    ) throws {
        var request = NetlinkRequest(type: RTM.newLink, flags: NLMFlag.create | NLMFlag.exclusive)
        request.body.linkHeader()
        request.body.attribute(IFLA.name, string: name)
        if let mtu { request.body.attribute(IFLA.mtu, UInt32(mtu)) }
        if let address { request.body.attribute(IFLA.address, address.bytes) }
        request.body.nested(IFLA.linkInfo) { info in
            info.attribute(IFLA.Info.kind, string: kind)
            body(&info)
        }
        try session.execute(request, "create \(kind)", name)
    }

    /// Changes a link.
    public func change(_ index: Int32, _ changes: LinkChanges) throws {
        if changes.changesNothing { return }
        var request = NetlinkRequest(type: RTM.newLink)
        let flags = changes.isUp.map { $0 ? IFF.up : 0 }
        request.body.linkHeader(index: index, flags: flags ?? 0, changed: flags == nil ? 0 : IFF.up)
        if let name = changes.name { request.body.attribute(IFLA.name, string: name) }
        if let mtu = changes.mtu { request.body.attribute(IFLA.mtu, UInt32(mtu)) }
        if let address = changes.address { request.body.attribute(IFLA.address, address.bytes) }
        if let master = changes.master { request.body.attribute(IFLA.master, UInt32(bitPattern: master)) }
        if let alias = changes.alias { request.body.attribute(IFLA.alias, alias.utf8) }
        if let namespace = changes.namespace {
            request.body.attribute(IFLA.netnsFD, UInt32(bitPattern: namespace.descriptor))
        }
        try session.execute(request, "change link", "index \(index)")
    }

    /// Changes a port of a bridge.
    public func setBridgePort(_ index: Int32, _ settings: BridgePortSettings) throws {
        var request = NetlinkRequest(type: RTM.setLink)
        request.body.linkHeader(family: AddressFamily.bridge, index: index)
        request.body.nested(IFLA.protocolInfo) { port in
            port.attribute(IFLA.BridgePort.hairpin, UInt8(settings.hairpin ? 1 : 0))
            port.attribute(IFLA.BridgePort.isolated, UInt8(settings.isolated ? 1 : 0))
        }
        try session.execute(request, "change bridge port", "index \(index)")
    }

    /// Deletes a link; false when there was none. Deleting one end of a veth pair deletes both.
    @discardableResult
    public func deleteLink(_ index: Int32) throws -> Bool {
        var request = NetlinkRequest(type: RTM.delLink)
        request.body.linkHeader(index: index)
        return try deleting({ try session.execute(request, "delete link", "index \(index)") }, absent: ENODEV)
    }

    @discardableResult
    public func deleteLink(named name: String) throws -> Bool {
        var request = NetlinkRequest(type: RTM.delLink)
        request.body.linkHeader()
        request.body.attribute(IFLA.name, string: name)
        return try deleting({ try session.execute(request, "delete link", name) }, absent: ENODEV)
    }
}

extension NetlinkWriter {
    /// `struct ifinfomsg`
    mutating func linkHeader(
        family: UInt8 = AddressFamily.unspecified, index: Int32 = 0, flags: UInt32 = 0, changed: UInt32 = 0
    ) {
        append(family)
        append(UInt8(0))
        append(UInt16(0))
        append(index)
        append(flags)
        append(changed)
    }
}

extension Link {
    init(_ message: NetlinkMessage) throws {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4)
        index = try reader.read(Int32.self)
        let flags = try reader.read(UInt32.self)
        _ = try reader.take(4)
        let attributes = try reader.attributes()
        name = attributes.string(IFLA.name) ?? ""
        mtu = Int(attributes.integer(IFLA.mtu, as: UInt32.self) ?? 0)
        address = attributes[IFLA.address].flatMap { MACAddress(bytes: $0) }
        isUp = flags & IFF.up != 0
        isRunning = isUp && flags & IFF.lowerUp != 0
        master = attributes.integer(IFLA.master)
        lowerIndex = attributes.integer(IFLA.link)
        alias = attributes.string(IFLA.alias)
        let info = try attributes.nested(IFLA.linkInfo)
        kind = info.string(IFLA.Info.kind)
        vxlan = kind == "vxlan" ? VXLANSettings(try info.nested(IFLA.Info.data)) : nil
        bridgePort =
            info.string(IFLA.Info.portKind) == "bridge"
            ? BridgePortSettings(try info.nested(IFLA.Info.portData)) : nil
    }
}

extension VXLANSettings {
    init(_ attributes: NetlinkAttributes) {
        self.init(
            id: attributes.integer(IFLA.VXLAN.id) ?? 0, port: attributes.networkOrder(IFLA.VXLAN.port) ?? 0,
            local: (attributes[IFLA.VXLAN.local] ?? attributes[IFLA.VXLAN.local6]).flatMap {
                .init(bytes: $0)
            },
            device: attributes.integer(IFLA.VXLAN.link),
            learning: attributes.integer(IFLA.VXLAN.learning, as: UInt8.self) == 1)
    }
}

extension BridgePortSettings {
    init(_ attributes: NetlinkAttributes) {
        self.init(
            hairpin: attributes.integer(IFLA.BridgePort.hairpin, as: UInt8.self) == 1,
            isolated: attributes.integer(IFLA.BridgePort.isolated, as: UInt8.self) == 1)
    }
}
