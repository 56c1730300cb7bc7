/// An address and a prefix length, such as `10.42.1.0/24`. Bits behind the prefix are kept: `address` may
/// be a host's own address within the network, `network` is the canonical form.
public struct CIDR: Hashable, Sendable {
    public let address: IPAddress
    public let prefixLength: Int

    /// Nil when the prefix is longer than the address.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.bitWidth).contains(prefixLength) else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// The network's first address.
    public var firstAddress: IPAddress {
        switch address {
        case .v4(let address): .v4(IPv4Address(address.value & Self.mask32(prefixLength)))
        case .v6(let address):
            .v6(
                IPv6Address(
                    high: address.high & Self.mask64(min(prefixLength, 64)),
                    low: address.low & Self.mask64(max(prefixLength - 64, 0))))
        }
    }

    /// The same network with the host bits cleared.
    public var network: CIDR { CIDR(canonical: firstAddress, prefixLength) }

    public func contains(_ other: IPAddress) -> Bool {
        other.isIPv4 == address.isIPv4 && CIDR(canonical: other, prefixLength).firstAddress == firstAddress
    }

    public func contains(_ other: CIDR) -> Bool {
        other.prefixLength >= prefixLength && contains(other.address)
    }

    public func overlaps(_ other: CIDR) -> Bool {
        contains(other.address) || other.contains(address)
    }

    /// The number of addresses, `Int.max` where it does not fit.
    public var addressCount: Int {
        let hostBits = address.bitWidth - prefixLength
        return hostBits >= 62 ? Int.max : 1 << hostBits
    }

    /// The address `offset` places behind the first one; nil outside the network or for an offset below 0.
    public func address(at offset: Int) -> IPAddress? {
        guard offset >= 0, offset < addressCount else { return nil }
        switch firstAddress {
        case .v4(let first): return .v4(first.advanced(by: offset))
        case .v6(let first): return .v6(IPv6Address(high: first.high, low: first.low &+ UInt64(offset)))
        }
    }

    /// The place of an address within the network, the inverse of `address(at:)`.
    public func offset(of other: IPAddress) -> Int? {
        guard contains(other) else { return nil }
        switch (firstAddress, other) {
        case (.v4(let first), .v4(let other)): return Int(other.value - first.value)
        case (.v6(let first), .v6(let other)):
            return other.high == first.high ? Int(exactly: other.low - first.low) : nil
        default: return nil
        }
    }

    /// The `index`-th of the equal networks with a longer prefix that this one divides into.
    public func subnet(prefixLength newLength: Int, at index: Int) -> CIDR? {
        guard newLength >= prefixLength, newLength <= address.bitWidth, index >= 0 else { return nil }
        let count = newLength - prefixLength
        guard count >= 62 || index < 1 << count else { return nil }
        switch firstAddress {
        case .v4(let first):
            let shift = UInt32(32 - newLength)
            return CIDR(canonical: .v4(IPv4Address(first.value | UInt32(index) << shift)), newLength)
        case .v6(let first):
            let shift = 128 - newLength
            let bits = UInt64(index)
            let high = shift >= 64 ? bits << UInt64(shift - 64) : shift == 0 ? 0 : bits >> UInt64(64 - shift)
            let low = shift >= 64 ? 0 : bits << UInt64(shift)
            return CIDR(canonical: .v6(IPv6Address(high: first.high | high, low: first.low | low)), newLength)
        }
    }

    private init(canonical address: IPAddress, _ prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    private static func mask32(_ length: Int) -> UInt32 {
        length == 0 ? 0 : UInt32.max << UInt32(32 - length)
    }
    private static func mask64(_ length: Int) -> UInt64 {
        length == 0 ? 0 : UInt64.max << UInt64(64 - length)
    }
}

extension CIDR: CustomStringConvertible, LosslessStringConvertible {
    public var description: String { "\(address)/\(prefixLength)" }

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), !parts[1].hasPrefix("+"),
            let length = Int(parts[1]), String(length) == parts[1]
        else { return nil }
        self.init(address, prefixLength: length)
    }
}
