public import EdgeBase

/// A network interface as the kernel shows it.
public struct Link: Equatable, Sendable {
    public let index: Int32
    public let name: String
    public let mtu: Int
    public let address: MACAddress?
    public let isUp: Bool
    /// Up and with a carrier.
    public let isRunning: Bool
    /// The bridge (or other master) that this interface is a port of.
    public let master: Int32?
    /// The other end of a veth pair or the device below a vxlan; in which namespace is not said.
    public let lowerIndex: Int32?
    /// Such as `bridge`, `veth`, `vxlan`; nil for physical interfaces and the loopback.
    public let kind: String?
    public let alias: String?
    public let vxlan: VXLANSettings?
    public let bridgePort: BridgePortSettings?
}

/// What defines a VXLAN device. Learning is always off: entries come from the planner.
public struct VXLANSettings: Hashable, Sendable {
    /// The VXLAN network identifier, 24 bits.
    public var id: UInt32
    /// The UDP port, 8472 in Linux' tradition.
    public var port: UInt16
    /// The address from which packets are sent.
    public var local: IPAddress?
    /// The device on which they are sent.
    public var device: Int32?
    public var learning: Bool

    public init(id: UInt32, port: UInt16, local: IPAddress?, device: Int32?, learning: Bool = false) {
        self.id = id
        self.port = port
        self.local = local
        self.device = device
        self.learning = learning
    }
}

/// Settings of a port of a bridge.
public struct BridgePortSettings: Hashable, Sendable {
    /// Frames may leave through the port by which they came.
    public var hairpin: Bool
    /// No frames to or from other isolated ports.
    public var isolated: Bool

    public init(hairpin: Bool, isolated: Bool) {
        self.hairpin = hairpin
        self.isolated = isolated
    }
}

/// The settings of a link that a request changes; nil leaves one as it is.
public struct LinkChanges: Sendable {
    public var name: String?
    public var isUp: Bool?
    public var mtu: Int?
    public var address: MACAddress?
    /// 0 takes the link out of its bridge.
    public var master: Int32?
    public var alias: String?
    /// Moves the link.
    public var namespace: NetworkNamespace?

    public init(
        name: String? = nil, isUp: Bool? = nil, mtu: Int? = nil, address: MACAddress? = nil,
        master: Int32? = nil, alias: String? = nil, namespace: NetworkNamespace? = nil
    ) {
        self.name = name
        self.isUp = isUp
        self.mtu = mtu
        self.address = address
        self.master = master
        self.alias = alias
        self.namespace = namespace
    }

    var changesNothing: Bool {
        name == nil && isUp == nil && mtu == nil && address == nil && master == nil && alias == nil
            && namespace == nil
    }
}
