/// The names of a node's interfaces: at most 15 characters, the same at every start, different for each node
/// name, and recognisable, so that nothing else has to be recorded for an uninstall.
public struct InterfaceNames: Hashable, Sendable {
    /// `edgeb-` and six characters.
    public let bridge: String
    /// `edgev-` and six characters.
    public let tunnel: String
    /// What the names of all host ends of pods begin with: `ev` and the same six characters.
    public let podPrefix: String

    public init(nodeName: String) {
        let tag = Self.digest(nodeName, length: 6)
        bridge = "edgeb-\(tag)"
        tunnel = "edgev-\(tag)"
        podPrefix = "ev\(tag)"
    }

    /// The host end of an attachment: the prefix and seven characters, which is 35 bits of the identifier.
    public func pod(_ id: String) -> String {
        podPrefix + Self.digest(id, length: 7)
    }

    /// The last bits of a 64-bit FNV-1a hash in base 32.
    private static func digest(_ text: String, length: Int) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // FNV's lowest bits depend on few bits of the text.
        hash ^= hash >> 32
        let digits = Array("abcdefghijklmnopqrstuvwxyz234567")
        return String((0..<length).map { digits[Int(hash >> UInt64($0 * 5) & 31)] })
    }
}
