internal import EdgeBase

/// Kubernetes' rules for names, keys and values. Each returns what is wrong, in Kubernetes' words; nothing
/// for a valid text.
public enum Names {
    /// RFC 1123 label, such as a namespace's name.
    public static func label(_ value: String) -> [String] {
        guard !DNSName.isLabel(value) else { return [] }
        var messages: [String] = []
        if value.utf8.count > 63 { messages.append(maximumLength(63)) }
        if isSubdomainForm(value) {
            // A subdomain that is short enough and still no label has dots.
            if value.utf8.contains(UInt8(ascii: ".")) { messages.append("must not contain dots") }
        } else {
            messages.append(
                pattern(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                        + "and must start and end with an alphanumeric character",
                    labelPattern, "my-name", "123-abc"))
        }
        return messages
    }

    /// RFC 1123 subdomain, as most names of objects are.
    public static func subdomain(_ value: String) -> [String] {
        guard !DNSName.isSubdomain(value) else { return [] }
        var messages: [String] = []
        if value.utf8.count > 253 { messages.append(maximumLength(253)) }
        if !isSubdomainForm(value) {
            messages.append(
                pattern(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
                        + "'-' or '.', and must start and end with an alphanumeric character",
                    subdomainPattern, "example.com"))
        }
        return messages
    }

    /// RFC 1035 label: an RFC 1123 label that begins with a letter.
    public static func rfc1035Label(_ value: String) -> [String] {
        guard !DNSName.isRFC1035Label(value) else { return [] }
        var messages: [String] = []
        if value.utf8.count > 63 { messages.append(maximumLength(63)) }
        let begins = value.utf8.first.map(isLower) ?? false
        if !begins || !isSubdomainForm(value) || value.utf8.contains(UInt8(ascii: ".")) {
            messages.append(
                pattern(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
                        + "an alphabetic character, and end with an alphanumeric character",
                    "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123"))
        }
        return messages
    }

    /// `*.` in front of a subdomain, as the hosts of Ingress rules may be.
    public static func wildcardSubdomain(_ value: String) -> [String] {
        var messages: [String] = []
        if value.utf8.count > 253 { messages.append(maximumLength(253)) }
        if !value.hasPrefix("*.") || !isSubdomainForm(String(value.dropFirst(2))) {
            messages.append(
                pattern(
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
                        + "which must consist of lower case alphanumeric characters, '-' or '.' and end with "
                        + "an alphanumeric character",
                    "\\*\\." + subdomainPattern, "*.example.com"))
        }
        return messages
    }

    /// A name that stands in a URL's path, such as a Role's: anything without `/` and `%`.
    public static func pathSegment(_ value: String) -> [String] {
        if value == "." || value == ".." { return ["may not be '\(value)'"] }
        return pathSegmentPrefix(value)
    }

    public static func pathSegmentPrefix(_ value: String) -> [String] {
        ["/", "%"].filter { value.contains($0) }.map { "may not contain '\($0)'" }
    }

    static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    static let subdomainPattern = labelPattern + "(\\." + labelPattern + ")*"

    /// A subdomain of any length.
    static func isSubdomainForm(_ value: String) -> Bool {
        value.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first, let last = part.last else { return false }
            return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
                && part.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }
}

extension Names {
    static func maximumLength(_ length: Int) -> String { "must be no more than \(length) characters" }
    static func maximumBytes(_ length: Int) -> String { "must be no more than \(length) bytes" }
    static func range(_ low: Int, _ high: Int) -> String { "must be between \(low) and \(high), inclusive" }

    /// A message that quotes the pattern which was expected, with examples.
    static func pattern(_ message: String, _ pattern: String, _ examples: String...) -> String {
        guard !examples.isEmpty else { return "\(message) (regex used for validation is '\(pattern)')" }
        let list = examples.map { "'\($0)'" }.joined(separator: ",  or ")
        return "\(message) (e.g. \(list), regex used for validation is '\(pattern)')"
    }

    static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || isDigit(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) || isDigit(byte) }

    static func isOneOf(_ byte: UInt8, _ characters: String) -> Bool { characters.utf8.contains(byte) }
}
