/// A register of 4 bytes; several in a row hold a concatenation. Number 0 is the first one.
public struct NFTRegister: Hashable, Sendable, ExpressibleByIntegerLiteral {
    public let number: UInt32

    public init(integerLiteral value: UInt32) {
        number = value
    }

    public init(_ number: UInt32) {
        self.number = number
    }

    /// As the `nft` tool writes it: the first register of a concatenation by its old 16-byte name.
    var kernelNumber: UInt32 { number % 4 == 0 ? 1 + number / 4 : 8 + number }
}

/// A set that a rule refers to: one of the table by name, or one that belongs to the rule alone.
public enum NFTSetReference: Hashable, Sendable {
    case named(String)
    /// The name of the definition is not used.
    case anonymous(NFTSet, [NFTElement])
}

/// One step of a rule. A rule ends at the first step that does not match.
public enum NFTExpression: Hashable, Sendable {
    public enum PayloadBase: UInt32, Hashable, Sendable {
        case link, network, transport
    }

    /// NFT_META_*
    public enum MetaKey: UInt32, Hashable, Sendable {
        case mark = 3
        case inputInterfaceName = 6
        case outputInterfaceName = 7
        case networkProtocol = 15
        case transportProtocol = 16
    }

    public enum Comparison: UInt32, Hashable, Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    }

    /// NFT_CT_*
    public enum ConntrackKey: UInt32, Hashable, Sendable {
        case state = 0
        case status = 2
        case mark = 3
        case sourceIP = 19
        case destinationIP = 20
        case transportProtocol = 10
        case sourcePort = 11
        case destinationPort = 12
    }

    public enum Direction: UInt8, Hashable, Sendable {
        case original, reply
    }

    public enum Generator: UInt32, Hashable, Sendable {
        case incremental, random
    }

    public enum AddressSide: UInt32, Hashable, Sendable {
        case source = 1
        case destination = 2
    }

    public enum Rejection: Hashable, Sendable {
        /// An ICMP "destination unreachable" with this code: 3 is "port unreachable".
        case icmp(code: UInt8)
        case tcpReset
    }

    /// What a look-up does when the set has the key; when it has not, the rule ends (for `notMember`: if it
    /// has).
    public enum Lookup: Hashable, Sendable {
        case member
        case notMember
        /// The map's data goes into a register.
        case data(to: NFTRegister)
        /// The map's verdict is taken.
        case verdict
    }

    public enum SetUpdate: UInt32, Hashable, Sendable {
        case add, update, delete
    }

    public enum Translation: UInt32, Hashable, Sendable {
        case source, destination
    }

    case payload(PayloadBase, offset: UInt32, length: UInt32, to: NFTRegister)
    case meta(MetaKey, to: NFTRegister)
    case setMeta(MetaKey, from: NFTRegister)
    case compare(NFTRegister, Comparison, [UInt8])
    /// register = (register & mask) ^ xor
    case bitwise(NFTRegister, mask: [UInt8], xor: [UInt8])
    case lookup(NFTSetReference, key: NFTRegister, Lookup)
    case immediate([UInt8], to: NFTRegister)
    case verdict(NFTVerdict)
    case translate(Translation, family: NFTFamily, address: NFTRegister, port: NFTRegister?)
    /// The source becomes the address of the interface by which the packet leaves; the port is random.
    case masquerade
    case conntrack(ConntrackKey, direction: Direction?, to: NFTRegister)
    case setConntrack(ConntrackKey, from: NFTRegister)
    /// A number from 0 below the modulus.
    case number(Generator, modulus: UInt32, to: NFTRegister)
    /// The kind of an address by the routing table: RTN_*, 2 for one of this host.
    case addressType(AddressSide, to: NFTRegister)
    case counter
    case reject(Rejection)
    case log(prefix: String)
    /// At most so many packets in so many seconds.
    case limit(packets: UInt64, perSeconds: UInt64, burst: UInt32)
    case updateSet(SetUpdate, set: String, key: NFTRegister, data: NFTRegister?, timeout: UInt32?)
    case noTrack
}

/// A rule: its steps, and a comment that the `nft` tool shows.
public struct NFTRule: Hashable, Sendable {
    public var expressions: [NFTExpression]
    public var comment: String?

    public init(_ expressions: [NFTExpression], comment: String? = nil) {
        self.expressions = expressions
        self.comment = comment
    }
}
