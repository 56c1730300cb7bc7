/// The type of a field of a key or of data: its length in the kernel and the number by which the `nft` tool
/// knows it (enum datatypes of nftables).
public struct NFTDataType: Hashable, Sendable {
    public let number: UInt32
    /// In bytes.
    public let length: Int
    /// Host order instead of network order.
    public let isHostOrder: Bool

    public static let integer = NFTDataType(number: 4, length: 4, isHostOrder: true)
    public static let ipv4Address = NFTDataType(number: 7, length: 4, isHostOrder: false)
    public static let ipv6Address = NFTDataType(number: 8, length: 16, isHostOrder: false)
    public static let ipProtocol = NFTDataType(number: 12, length: 1, isHostOrder: false)
    public static let port = NFTDataType(number: 13, length: 2, isHostOrder: false)
    public static let mark = NFTDataType(number: 19, length: 4, isHostOrder: true)
    public static let interfaceName = NFTDataType(number: 41, length: 16, isHostOrder: true)
}

/// A concatenation of fields; each one fills whole registers of four bytes.
public struct NFTDataLayout: Hashable, Sendable, ExpressibleByArrayLiteral {
    public let fields: [NFTDataType]

    public init(_ fields: [NFTDataType]) {
        self.fields = fields
    }

    public init(arrayLiteral elements: NFTDataType...) {
        fields = elements
    }

    /// In bytes. A single field is not padded.
    public var length: Int {
        fields.count == 1 ? fields[0].length : fields.reduce(0) { $0 + ($1.length + 3) & ~3 }
    }

    /// The `nft` tool's number of a concatenation: six bits for each field.
    var typeNumber: UInt32 { fields.reduce(0) { $0 << 6 | $1.number } }

    /// 1 host order, 2 network order, 0 for a concatenation, as nftables notes in the user data.
    var byteOrder: UInt32 { fields.count == 1 ? (fields[0].isHostOrder ? 1 : 2) : 0 }
}

/// A set, a map to data or a map to verdicts.
public struct NFTSet: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        case none
        case data(NFTDataLayout)
        case verdict
    }

    public var name: String
    public var key: NFTDataLayout
    public var value: Value
    /// Keys are ranges; in a set of a concatenation each field is one.
    public var isInterval: Bool
    /// Elements come from rules.
    public var isDynamic: Bool
    /// In seconds; elements leave so long after they came or were refreshed. 0: each one has a time of its
    /// own. Nil: they stay.
    public var timeout: UInt32?
    /// The largest number of elements; a dynamic set must have one.
    public var size: UInt32?

    public init(
        _ name: String, key: NFTDataLayout, value: Value = .none, isInterval: Bool = false,
        isDynamic: Bool = false, timeout: UInt32? = nil, size: UInt32? = nil
    ) {
        self.name = name
        self.key = key
        self.value = value
        self.isInterval = isInterval
        self.isDynamic = isDynamic
        self.timeout = timeout
        self.size = size
    }

    var flags: UInt32 {
        var flags: UInt32 = 0
        if value != .none { flags |= NFTSetFlag.map }
        if isInterval { flags |= NFTSetFlag.interval }
        if isInterval, key.fields.count > 1 { flags |= NFTSetFlag.concatenation }
        if isDynamic { flags |= NFTSetFlag.dynamic }
        if timeout != nil { flags |= NFTSetFlag.timeout }
        return flags
    }
}
