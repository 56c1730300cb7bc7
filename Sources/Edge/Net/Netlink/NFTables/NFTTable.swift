/// The packets that a table sees.
public enum NFTFamily: UInt8, Hashable, Sendable {
    case inet = 1
    case ipv4 = 2
    case arp = 3
    case netdev = 5
    case bridge = 7
    case ipv6 = 10
}

/// A table, by which everything else in nf_tables is named.
public struct NFTTable: Hashable, Sendable {
    public var family: NFTFamily
    public var name: String

    public init(_ family: NFTFamily, _ name: String) {
        self.family = family
        self.name = name
    }
}

extension NFTTable: CustomStringConvertible {
    /// Such as `ip edge`, as the `nft` tool names it.
    public var description: String {
        switch family {
        case .inet: "inet \(name)"
        case .ipv4: "ip \(name)"
        case .arp: "arp \(name)"
        case .netdev: "netdev \(name)"
        case .bridge: "bridge \(name)"
        case .ipv6: "ip6 \(name)"
        }
    }
}

extension NFTTable {
    /// Nil for a family that this library does not know.
    init?(_ message: NetlinkMessage) throws {
        let (family, attributes) = try message.netfilter()
        guard let family = NFTFamily(rawValue: family), let name = attributes.string(NFTA.Table.name) else {
            return nil
        }
        self.init(family, name)
    }
}

extension NetlinkMessage {
    /// The family of `struct nfgenmsg` and the attributes behind it.
    func netfilter() throws -> (family: UInt8, attributes: NetlinkAttributes) {
        var reader = NetlinkReader(payload)
        let family = try reader.read(UInt8.self)
        _ = try reader.take(3)
        return (family, try reader.attributes())
    }
}

extension NetlinkWriter {
    /// `struct nfgenmsg`
    mutating func netfilterHeader(family: UInt8, resource: UInt16 = 0) {
        append(family)
        append(UInt8(0))
        append(networkOrder: resource)
    }
}
