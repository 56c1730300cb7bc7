/// An IPv4 address; `value` is in host byte order, so that ordering and arithmetic are natural.
public struct IPv4Address: Hashable, Comparable, Sendable {
    public var value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        value = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }

    /// The four bytes in network order.
    public var bytes: [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xff), UInt8(value >> 8 & 0xff), UInt8(value & 0xff)]
    }

    /// Nil unless there are exactly four bytes (network order).
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 else { return nil }
        value = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    public static let any = IPv4Address(0)
    public static let loopback = IPv4Address(127, 0, 0, 1)
    public static let broadcast = IPv4Address(UInt32.max)

    /// 127.0.0.0/8, RFC 1122 section 3.2.1.3.
    public var isLoopback: Bool { value >> 24 == 127 }
    /// 169.254.0.0/16, RFC 3927.
    public var isLinkLocal: Bool { value >> 16 == 0xa9fe }
    /// 224.0.0.0/4, RFC 5771.
    public var isMulticast: Bool { value >> 28 == 0xe }

    /// The address `offset` places further; wraps around.
    public func advanced(by offset: Int) -> Self {
        Self(value &+ UInt32(truncatingIfNeeded: offset))
    }
}

extension IPv4Address: CustomStringConvertible, LosslessStringConvertible {
    public var description: String {
        bytes.map { String($0) }.joined(separator: ".")
    }

    /// Four decimal numbers without leading zeros (as Kubernetes and inet_pton demand).
    public init?(_ text: String) {
        var value: UInt32 = 0
        var parts = 0
        for part in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...3).contains(part.count), parts < 4, part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            var number: UInt32 = 0
            for digit in part {
                guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
                number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            value = value << 8 | number
            parts += 1
        }
        guard parts == 4 else { return nil }
        self.value = value
    }
}
