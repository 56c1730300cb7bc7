internal import EdgeBase

/// The values of `format` in schemas that Kubernetes enforces for strings.
enum NamedFormat {
    /// The format as far as it is enforced for a type; empty for others, which are left alone.
    static func supported(_ format: String, type: String) -> String {
        switch type {
        case "", "string": checks[normalized(format)] == nil ? "" : format
        case "integer": format == "int32" || format == "int64" ? format : ""
        case "number": format == "float" || format == "double" ? format : ""
        default: ""
        }
    }

    /// `date-time` and `datetime` are one.
    private static func normalized(_ format: String) -> String { format.replacing("-", with: "") }

    static func matches(_ text: String, _ format: String) -> Bool {
        checks[normalized(format)]?(text) ?? true
    }

    private static let checks: [String: @Sendable (String) -> Bool] = [
        "bsonobjectid": { $0.utf8.count == 24 && isHex($0) },
        "uri": URIFormat.isRequestURI,
        "email": EmailFormat.isAddress,
        "hostname": HostnameFormat.isHostname,
        "ipv4": { AddressFormat.isIPv4($0) },
        "ipv6": { AddressFormat.isIPv6($0) },
        "cidr": AddressFormat.isCIDR,
        "mac": AddressFormat.isMAC,
        "uuid": { UUIDFormat.matches($0, version: nil) },
        "uuid3": { UUIDFormat.matches($0, version: "3") },
        "uuid4": { UUIDFormat.matches($0, version: "4") },
        "uuid5": { UUIDFormat.matches($0, version: "5") },
        "isbn": { NumberFormat.isISBN10($0) || NumberFormat.isISBN13($0) },
        "isbn10": NumberFormat.isISBN10,
        "isbn13": NumberFormat.isISBN13,
        "creditcard": NumberFormat.isCreditCard,
        "ssn": NumberFormat.isSocialSecurityNumber,
        "hexcolor": NumberFormat.isHexColor,
        "rgbcolor": NumberFormat.isRGBColor,
        "byte": NumberFormat.isBase64,
        "password": { _ in true },
        "date": TimeFormat.isDate,
        "duration": TimeFormat.isDuration,
        "datetime": TimeFormat.isDateTime,
        "k8sshortname": { $0.utf8.count <= 63 && isLabel($0) },
        "k8slongname": { text in
            text.utf8.count <= 253
                && text.split(separator: ".", omittingEmptySubsequences: false)
                    .allSatisfy { isLabel(String($0)) }
        },
    ]

    static func isHex(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                Names.isDigit($0) || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "f"))
            }
    }

    private static func isLabel(_ text: String) -> Bool { Names.isSubdomainForm(text) && !text.contains(".") }
}

enum UUIDFormat {
    /// With or without dashes, in any case; versions 4 and 5 fix the variant too.
    static func matches(_ text: String, version: Character?) -> Bool {
        var rest = Array(text.lowercased())[...]
        var groups: [String] = []
        for (index, length) in [8, 4, 4, 4, 12].enumerated() {
            if index > 0, rest.first == "-" { rest = rest.dropFirst() }
            let group = String(rest.prefix(length))
            guard group.count == length, NamedFormat.isHex(group) else { return false }
            groups.append(group)
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { return false }
        guard let version else { return true }
        guard groups[2].first == version else { return false }
        return version == "3" || "89ab".contains(groups[3].first ?? "0")
    }
}
