/// An IPv6 address as two halves in host byte order.
public struct IPv6Address: Hashable, Comparable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless there are exactly sixteen bytes (network order).
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The sixteen bytes in network order.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
        }
    }

    public static let any = IPv6Address(high: 0, low: 0)
    public static let loopback = IPv6Address(high: 0, low: 1)

    public var isLoopback: Bool { self == .loopback }
    /// fe80::/10, RFC 4291.
    public var isLinkLocal: Bool { high >> 54 == 0xfe80 >> 6 }
    /// ff00::/8, RFC 4291.
    public var isMulticast: Bool { high >> 56 == 0xff }

    /// The IPv4 address of `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
    public var mappedIPv4: IPv4Address? {
        high == 0 && low >> 32 == 0xffff ? IPv4Address(UInt32(truncatingIfNeeded: low)) : nil
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The eight 16-bit groups, first to last.
    var groups: [UInt16] {
        [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
        }
    }
}

extension IPv6Address: CustomStringConvertible, LosslessStringConvertible {
    /// The canonical text of RFC 5952: lower case, the first longest run of two or more zero groups as `::`.
    public var description: String {
        if let mapped = mappedIPv4 { return "::ffff:\(mapped)" }
        let groups = groups
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? text(0..<8) : "\(text(0..<best.lowerBound))::\(text(best.upperBound..<8))"
    }

    public init?(_ text: String) {
        let halves = text.components(separatedByDoubleColon: ())
        guard let head = Self.groups(of: halves.head, allowsIPv4: halves.tail == nil) else { return nil }
        var all = head
        if let tailText = halves.tail {
            guard let tail = Self.groups(of: tailText, allowsIPv4: true), head.count + tail.count < 8 else {
                return nil
            }
            all += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        }
        guard all.count == 8 else { return nil }
        self.init(
            high: all[0..<4].reduce(0) { $0 << 16 | UInt64($1) },
            low: all[4..<8].reduce(0) { $0 << 16 | UInt64($1) })
    }

    /// The groups of one side of `::`; a trailing dotted IPv4 address stands for two.
    private static func groups(of text: Substring, allowsIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard allowsIPv4, index == parts.count - 1, let address = IPv4Address(String(part)) else {
                    return nil
                }
                groups.append(UInt16(address.value >> 16))
                groups.append(UInt16(address.value & 0xffff))
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension String {
    /// What stands before and after the one `::`; a second `::` stays in the tail, where parsing refuses it.
    fileprivate func components(separatedByDoubleColon: Void) -> (head: Substring, tail: Substring?) {
        var index = startIndex
        while index < endIndex {
            let next = self.index(after: index)
            if self[index] == ":", next < endIndex, self[next] == ":" {
                return (self[startIndex..<index], self[self.index(after: next)...])
            }
            index = next
        }
        return (self[...], nil)
    }
}
