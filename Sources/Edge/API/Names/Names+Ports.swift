/// Ports, percentages, headers and user numbers.
extension Names {
    public static func port(_ value: Int) -> [String] {
        (1...65535).contains(value) ? [] : [range(1, 65535)]
    }

    /// A port's name by RFC 6335, lower case only.
    public static func portName(_ value: String) -> [String] {
        var messages: [String] = []
        let bytes = value.utf8
        let hyphen = UInt8(ascii: "-")
        if bytes.count > 15 { messages.append(maximumLength(15)) }
        if bytes.isEmpty || !bytes.allSatisfy({ isLowerAlphanumeric($0) || $0 == hyphen }) {
            messages.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !bytes.contains(where: isLower) { messages.append("must contain at least one letter (a-z)") }
        if value.contains("--") { messages.append("must not contain consecutive hyphens") }
        if bytes.first == hyphen || bytes.last == hyphen {
            messages.append("must not begin or end with a hyphen")
        }
        return messages
    }

    public static func percent(_ value: String) -> [String] {
        if value.utf8.count > 1, value.hasSuffix("%"), value.utf8.dropLast().allSatisfy(isDigit) { return [] }
        return [
            pattern(
                "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%",
                "93%")
        ]
    }

    public static func httpHeader(_ value: String) -> [String] {
        if !value.isEmpty, value.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) {
            return []
        }
        return [
            pattern(
                "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+",
                "X-Header-Name")
        ]
    }

    /// A user or group number.
    public static func userID(_ value: Int) -> [String] {
        (0...Int(Int32.max)).contains(value) ? [] : [range(0, Int(Int32.max))]
    }
}
