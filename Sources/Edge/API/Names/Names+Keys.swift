/// Keys and values of labels, annotations, ConfigMaps and environments.
extension Names {
    private static let keyPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
    private static let keyMessage =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character"

    /// A label key: an optional DNS subdomain and `/`, then up to 63 bytes. Also called qualified name.
    public static func labelKey(_ value: String) -> [String] {
        let parts = value.split(separator: "/", omittingEmptySubsequences: false)
        var messages: [String] = []
        guard parts.count <= 2 else {
            return [
                "a valid label key " + pattern(keyMessage, keyPattern, "MyName", "my.name", "123-abc")
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        if parts.count == 2 {
            if parts[0].isEmpty {
                messages.append("prefix part must be non-empty")
            } else {
                messages += subdomain(String(parts[0])).map { "prefix part " + $0 }
            }
        }
        let name = parts.last ?? ""
        if name.isEmpty {
            messages.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            messages.append("name part " + maximumBytes(63))
        }
        if !hasKeyForm(name) {
            messages.append("name part " + pattern(keyMessage, keyPattern, "MyName", "my.name", "123-abc"))
        }
        return messages
    }

    /// A label's value: empty or up to 63 bytes.
    public static func labelValue(_ value: String) -> [String] {
        var messages: [String] = []
        if value.utf8.count > 63 { messages.append(maximumBytes(63)) }
        if !value.isEmpty, !hasKeyForm(value) {
            messages.append(
                pattern(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
                        + "or '.', and must start and end with an alphanumeric character",
                    "(\(keyPattern))?", "MyValue", "my_value", "12345"))
        }
        return messages
    }

    private static func hasKeyForm(_ value: some StringProtocol) -> Bool {
        let bytes = value.utf8
        guard let first = bytes.first, isAlphanumeric(first) else { return false }
        var last = first
        for byte in bytes {
            guard
                isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            else { return false }
            last = byte
        }
        return isAlphanumeric(last)
    }

    /// A key of a ConfigMap or Secret, usable as a file's name.
    public static func configMapKey(_ value: String) -> [String] {
        var messages: [String] = []
        if value.utf8.count > 253 { messages.append(maximumLength(253)) }
        if value.isEmpty || !value.utf8.allSatisfy({ isAlphanumeric($0) || isOneOf($0, "-_.") }) {
            messages.append(
                pattern(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                    "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"))
        }
        return messages + dotDot(value)
    }

    /// An environment variable's name: printable ASCII without `=`.
    public static func environmentVariable(_ value: String) -> [String] {
        var messages: [String] = []
        if value.isEmpty { messages.append("environment variable name must be non-empty") }
        if !value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "=") }) {
            messages.append(
                "a valid environment variable name must consist only of printable ASCII characters other "
                    + "than '='")
        }
        return messages
    }

    public static func cIdentifier(_ value: String) -> [String] {
        if let first = value.utf8.first, !isDigit(first),
            value.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "_") })
        {
            return []
        }
        return [
            pattern(
                "a valid C identifier must start with alphabetic character or '_', followed by a string of "
                    + "alphanumeric characters or '_'",
                "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName")
        ]
    }

    private static func dotDot(_ value: String) -> [String] {
        switch value {
        case ".": ["must not be '.'"]
        case "..": ["must not be '..'"]
        default: value.hasPrefix("..") ? ["must not start with '..'"] : []
        }
    }
}
