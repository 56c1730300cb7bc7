public import EdgeBase

/// The bytes of a key or of data: fields one after the other, each padded to four bytes in a concatenation.
public struct NFTKey: Hashable, Sendable {
    public private(set) var bytes: [UInt8]

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A concatenation of fields, each given in the byte order of its type.
    public init(_ fields: [UInt8]...) {
        if fields.count == 1 {
            bytes = fields[0]
        } else {
            bytes = fields.flatMap { $0 + [UInt8](repeating: 0, count: -$0.count & 3) }
        }
    }
}

extension [UInt8] {
    /// A port or another 16-bit field in network order.
    public static func port(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

    /// A 32-bit field in host order, such as a mark or the result of a number generator.
    public static func hostOrder(_ value: UInt32) -> [UInt8] {
        Swift.withUnsafeBytes(of: value) { Array($0) }
    }
}

/// An element of a set or map.
public struct NFTElement: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        case none
        case data(NFTKey)
        case verdict(NFTVerdict)
    }

    public var key: NFTKey
    /// The last key of a range in a set of a concatenation with ranges.
    public var keyEnd: NFTKey?
    public var value: Value
    /// The first key behind a range, in a set with ranges.
    public var isIntervalEnd: Bool
    /// In milliseconds: how long the element stays, where that is not the set's timeout.
    public var timeout: UInt64?
    /// In milliseconds: what is left of that time.
    public var expiration: UInt64?

    public init(
        _ key: NFTKey, _ value: Value = .none, keyEnd: NFTKey? = nil, isIntervalEnd: Bool = false,
        timeout: UInt64? = nil, expiration: UInt64? = nil
    ) {
        self.key = key
        self.keyEnd = keyEnd
        self.value = value
        self.isIntervalEnd = isIntervalEnd
        self.timeout = timeout
        self.expiration = expiration
    }

    /// The elements for a network in a set of ranges: its first address, and the one behind its last.
    public static func range(of network: CIDR) -> [NFTElement] {
        let first = network.firstAddress.bytes
        var start = NFTElement(NFTKey(bytes: first))
        start.isIntervalEnd = false
        // Adding one in the last bit of the prefix; a carry out of it means that the range has no end.
        var next = first
        if network.prefixLength == 0 { return [start] }
        var index = (network.prefixLength - 1) / 8
        var carry = UInt16(1) << UInt16(7 - (network.prefixLength - 1) % 8)
        while true {
            let sum = UInt16(next[index]) + carry
            next[index] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
            if carry == 0 { break }
            if index == 0 { return [start] }
            index -= 1
        }
        return [start, NFTElement(NFTKey(bytes: next), isIntervalEnd: true)]
    }
}
