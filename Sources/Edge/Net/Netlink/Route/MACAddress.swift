public import EdgeBase

/// An Ethernet address.
public struct MACAddress: Hashable, Sendable {
    /// Six bytes.
    public let bytes: [UInt8]

    /// Nil unless there are six bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        self.bytes = Array(bytes)
    }

    /// A locally administered unicast address made from an IPv4 address: `0a:58:` and its four bytes. Nodes
    /// can thus compute each other's addresses without exchanging them.
    public init(of address: IPv4Address) {
        bytes = [0x0a, 0x58] + address.bytes
    }
}

extension MACAddress: CustomStringConvertible, LosslessStringConvertible {
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }) else { return nil }
        self.init(bytes: parts.compactMap { UInt8($0, radix: 16) })
    }
}
