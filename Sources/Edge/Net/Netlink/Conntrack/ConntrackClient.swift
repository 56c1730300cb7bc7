public import EdgeBase
internal import Glibc

/// Which connections: every condition that is given must hold.
public struct ConntrackFilter: Hashable, Sendable {
    public var transportProtocol: UInt8?
    /// The destination before any translation, such as a cluster IP.
    public var destination: IPAddress?
    public var destinationPort: UInt16?
    /// Who answers: the destination after translation, such as an endpoint.
    public var replySource: IPAddress?
    public var replySourcePort: UInt16?

    public init(
        transportProtocol: UInt8? = nil, destination: IPAddress? = nil, destinationPort: UInt16? = nil,
        replySource: IPAddress? = nil, replySourcePort: UInt16? = nil
    ) {
        self.transportProtocol = transportProtocol
        self.destination = destination
        self.destinationPort = destinationPort
        self.replySource = replySource
        self.replySourcePort = replySourcePort
    }

    public func matches(_ entry: ConntrackEntry) -> Bool {
        func holds<Value: Equatable>(_ wanted: Value?, _ actual: Value) -> Bool {
            wanted == nil || wanted == actual
        }
        return holds(transportProtocol, entry.original.transportProtocol)
            && holds(destination, entry.original.destination)
            && holds(destinationPort, entry.original.destinationPort)
            && holds(replySource, entry.reply.source)
            && holds(replySourcePort, entry.reply.sourcePort)
    }
}

/// The connection tracking table of one network namespace. Blocking, for one thread or actor at a time.
public final class ConntrackClient {
    let session: NetlinkSession

    /// In the given namespace, or in the calling thread's.
    public convenience init(in namespace: NetworkNamespace? = nil) throws {
        self.init(socket: try namespace.run { try KernelNetlinkSocket(.netfilter) })
    }

    init(socket: any NetlinkSocket) {
        session = NetlinkSession(socket)
    }

    public func entries(family: IPFamily = .ipv4) throws -> [ConntrackEntry] {
        var request = NetlinkRequest(type: IPCTNL.get)
        request.body.netfilterHeader(family: family.number)
        return try session.dump(request, "list", "connections").compactMap { try ConntrackEntry($0) }
    }

    /// Forgets one connection; false when it had gone.
    @discardableResult
    public func delete(_ entry: ConntrackEntry) throws -> Bool {
        var request = NetlinkRequest(type: IPCTNL.delete)
        request.body.netfilterHeader(family: entry.original.source.family)
        entry.original.write(to: &request.body, as: CTA.original)
        if let id = entry.id { request.body.attribute(CTA.id, networkOrder: id) }
        if let zone = entry.zone { request.body.attribute(CTA.zone, networkOrder: zone) }
        do {
            try session.execute(
                request, "delete connection",
                "to \(entry.original.destination) port \(entry.original.destinationPort)")
            return true
        } catch let error as NetlinkError where error.errno == ENOENT {
            return false
        }
    }

    /// Forgets the connections that a predicate selects, and says how many.
    @discardableResult
    public func delete(family: IPFamily = .ipv4, where selects: (ConntrackEntry) -> Bool) throws -> Int {
        try entries(family: family).filter(selects).reduce(0) { try $0 + (delete($1) ? 1 : 0) }
    }

    @discardableResult
    public func delete(_ filter: ConntrackFilter, family: IPFamily = .ipv4) throws -> Int {
        try delete(family: family, where: filter.matches)
    }
}
