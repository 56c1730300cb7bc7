public import EdgeBase

/// One direction of a connection.
public struct ConntrackTuple: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// IPPROTO_*: 6 TCP, 17 UDP, 132 SCTP.
    public var transportProtocol: UInt8
    /// 0 for protocols without ports.
    public var sourcePort: UInt16
    public var destinationPort: UInt16

    public init(
        source: IPAddress, destination: IPAddress, transportProtocol: UInt8, sourcePort: UInt16,
        destinationPort: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.transportProtocol = transportProtocol
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }
}

/// A connection that the kernel tracks. A translated destination shows as the source of the reply.
public struct ConntrackEntry: Hashable, Sendable {
    public var original: ConntrackTuple
    public var reply: ConntrackTuple
    /// IPS_*
    public var status: UInt32
    /// Tells this entry from a later one of the same tuple.
    public var id: UInt32?
    public var zone: UInt16?

    public init(
        original: ConntrackTuple, reply: ConntrackTuple, status: UInt32 = 0, id: UInt32? = nil,
        zone: UInt16? = nil
    ) {
        self.original = original
        self.reply = reply
        self.status = status
        self.id = id
        self.zone = zone
    }

    /// IPS_DST_NAT
    public var hasTranslatedDestination: Bool { status & 0x20 != 0 }
}

extension ConntrackEntry {
    /// Nil for families other than IP.
    init?(_ message: NetlinkMessage) throws {
        let attributes = try message.netfilter().attributes
        guard let original = try ConntrackTuple(attributes.nested(CTA.original)),
            let reply = try ConntrackTuple(attributes.nested(CTA.reply))
        else { return nil }
        self.init(
            original: original, reply: reply, status: attributes.networkOrder(CTA.status) ?? 0,
            id: attributes.networkOrder(CTA.id), zone: attributes.networkOrder(CTA.zone))
    }
}

extension ConntrackTuple {
    init?(_ attributes: NetlinkAttributes) throws {
        let ip = try attributes.nested(CTA.Tuple.ip)
        let proto = try attributes.nested(CTA.Tuple.proto)
        guard
            let source = (ip[CTA.IP.sourceV4] ?? ip[CTA.IP.sourceV6]).flatMap({ IPAddress(bytes: $0) }),
            let destination = (ip[CTA.IP.destinationV4] ?? ip[CTA.IP.destinationV6])
                .flatMap({ IPAddress(bytes: $0) }),
            let number = proto.integer(CTA.Proto.number, as: UInt8.self)
        else { return nil }
        self.init(
            source: source, destination: destination, transportProtocol: number,
            sourcePort: proto.networkOrder(CTA.Proto.sourcePort) ?? 0,
            destinationPort: proto.networkOrder(CTA.Proto.destinationPort) ?? 0)
    }

    func write(to body: inout NetlinkWriter, as type: UInt16) {
        body.nested(type) { tuple in
            tuple.nested(CTA.Tuple.ip) { ip in
                ip.attribute(source.isIPv4 ? CTA.IP.sourceV4 : CTA.IP.sourceV6, source.bytes)
                ip.attribute(
                    destination.isIPv4 ? CTA.IP.destinationV4 : CTA.IP.destinationV6, destination.bytes)
            }
            tuple.nested(CTA.Tuple.proto) { proto in
                proto.attribute(CTA.Proto.number, transportProtocol)
                proto.attribute(CTA.Proto.sourcePort, networkOrder: sourcePort)
                proto.attribute(CTA.Proto.destinationPort, networkOrder: destinationPort)
            }
        }
    }
}
