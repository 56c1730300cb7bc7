/// Kubernetes' name rules (RFC 1123 and RFC 1035 forms), checked on bytes without a regular expression.
public enum DNSName {
    /// RFC 1123 label: at most 63 lower-case letters, digits and `-`, beginning and ending with one of the former.
    public static func isLabel(_ name: some StringProtocol) -> Bool {
        isLabel(name.utf8)
    }

    /// RFC 1123 subdomain: labels joined by dots, at most 253 bytes in all.
    public static func isSubdomain(_ name: some StringProtocol) -> Bool {
        let bytes = name.utf8
        guard !bytes.isEmpty, bytes.count <= 253 else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { isLabel($0, maximum: 253) }
    }

    /// RFC 1035 label, the form of Service names: as an RFC 1123 label but beginning with a letter.
    public static func isRFC1035Label(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, isLower(first) else { return false }
        return isLabel(name)
    }

    private static func isLabel(_ bytes: some Collection<UInt8>, maximum: Int = 63) -> Bool {
        guard !bytes.isEmpty, bytes.count <= maximum else { return false }
        var last = UInt8(ascii: "-")
        for byte in bytes {
            guard isLower(byte) || isDigit(byte) || (byte == UInt8(ascii: "-")) else { return false }
            last = byte
        }
        return bytes.first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
    }

    static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
