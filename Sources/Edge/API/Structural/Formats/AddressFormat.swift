internal import EdgeBase

/// Addresses as Go's parsers take them, which tolerate leading zeros.
enum AddressFormat {
    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            // An IPv4 address in IPv6's clothes counts as well.
            return text.contains(".") && isIPv6(text)
        }
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy(Names.isDigit) && (Int(part) ?? 256) <= 255
        }
    }

    static func isIPv6(_ text: String) -> Bool {
        text.contains(":") && IPv6Address(text) != nil
    }

    static func isCIDR(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy(Names.isDigit),
            let length = Int(parts[1])
        else { return false }
        let address = String(parts[0])
        if address.contains(":") { return isIPv6(address) && length <= 128 }
        return isIPv4(address) && length <= 32
    }

    /// 6, 8 or 20 bytes in hexadecimal, in pairs with `:` or `-`, or in fours with `.`.
    static func isMAC(_ text: String) -> Bool {
        for (separator, width) in [(":", 2), ("-", 2), (".", 4)] where text.contains(separator) {
            let groups = text.split(separator: separator, omittingEmptySubsequences: false)
            guard [6, 8, 20].contains(groups.count * width / 2) else { return false }
            return groups.allSatisfy { $0.utf8.count == width && NamedFormat.isHex(String($0)) }
        }
        return false
    }
}
