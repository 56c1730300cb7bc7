/// The character rules of distribution/reference, as predicates.
enum ReferenceGrammar {
    /// `host[:port]`, the host a name, an IPv4 address or an IPv6 address in brackets.
    static func isDomain(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return false }
        var host = bytes[...]
        if first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = bytes[1..<close]
            guard !address.isEmpty, address.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") }) else {
                return false
            }
            return isPortSuffix(bytes[(close + 1)...])
        }
        if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            guard isPortSuffix(bytes[colon...]) else { return false }
            host = bytes[..<colon]
        }
        return host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy(isDomainComponent)
    }

    private static func isPortSuffix(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty
            || bytes.first == UInt8(ascii: ":") && bytes.count > 1 && bytes.dropFirst().allSatisfy(isDigit)
    }

    private static func isDomainComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    /// Components of lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
    static func isPath(_ text: some StringProtocol) -> Bool {
        let components = Array(text.utf8).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !components.isEmpty && components.allSatisfy(isPathComponent)
    }

    private static func isPathComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isLowerAlphanumeric(first),
            isLowerAlphanumeric(last)
        else { return false }
        var separator: [UInt8] = []
        for byte in bytes {
            if isLowerAlphanumeric(byte) {
                guard separator.isEmpty || isSeparator(separator) else { return false }
                separator = []
            } else {
                separator.append(byte)
            }
        }
        return true
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        switch String(decoding: bytes, as: UTF8.self) {
        case ".", "_", "__": true
        default: bytes.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    /// A word character, then up to 127 word characters, dots and dashes.
    static func isTag(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= 128, isWord(first) else { return false }
        return bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
