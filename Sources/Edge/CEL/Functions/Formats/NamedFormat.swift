internal import EdgeAPI
internal import EdgeJSON

/// A format that has a name, such as `dns1123Label`, and can check texts.
struct NamedFormat: CELOpaqueValue {
    static let type = CELType.opaque("kubernetes.NamedFormat")

    let name: String
    /// The length of a pattern that would do the same, for cost accounting.
    let patternSize: Int
    let validate: @Sendable (String) -> [String]

    var type: CELType { Self.type }
    var text: String { name }

    func equals(_ other: any CELOpaqueValue) -> Bool { (other as? NamedFormat)?.name == name }

    /// By the names in expressions.
    static let all: [String: NamedFormat] = [
        "dns1123Label": NamedFormat(name: "DNS1123Label", patternSize: 30) { Names.label($0) },
        "dns1123Subdomain": NamedFormat(name: "DNS1123Subdomain", patternSize: 60) { Names.subdomain($0) },
        "dns1035Label": NamedFormat(name: "DNS1035Label", patternSize: 30) { Names.rfc1035Label($0) },
        "qualifiedName": NamedFormat(name: "QualifiedName", patternSize: 60) { Names.labelKey($0) },
        "dns1123LabelPrefix": NamedFormat(name: "DNS1123LabelPrefix", patternSize: 30) {
            Names.label(prefix($0))
        },
        "dns1123SubdomainPrefix": NamedFormat(name: "DNS1123SubdomainPrefix", patternSize: 60) {
            Names.subdomain(prefix($0))
        },
        "dns1035LabelPrefix": NamedFormat(name: "DNS1035LabelPrefix", patternSize: 30) {
            Names.rfc1035Label(prefix($0))
        },
        "labelValue": NamedFormat(name: "LabelValue", patternSize: 40) { Names.labelValue($0) },
        "uri": NamedFormat(name: "URI", patternSize: 1184) { text in
            do throws(CELEvaluationError) {
                _ = try GoURL(request: text)
                return []
            } catch { return [error.message] }
        },
        "uuid": NamedFormat(name: "uuid", patternSize: 76) {
            isUUID($0) ? [] : ["does not match the UUID format"]
        },
        "byte": NamedFormat(name: "byte", patternSize: 83) { text in
            if !text.isEmpty, case .canonical = Base64.check(text) { [] } else { ["invalid base64"] }
        },
        "date": NamedFormat(name: "date", patternSize: 153) {
            $0.utf8.count == 10 && CELTimestamp(rfc3339: $0 + "T00:00:00Z") != nil ? [] : ["invalid date"]
        },
        "datetime": NamedFormat(name: "datetime", patternSize: 153) {
            CELTimestamp(rfc3339: $0) != nil ? [] : ["invalid datetime"]
        },
    ]

    /// A prefix of a name may end with a hyphen, which is masked for the check.
    private static func prefix(_ text: String) -> String {
        text.utf8.count > 1 && text.hasSuffix("-") ? text.dropLast(2) + "a" : text
    }

    /// 32 hexadecimal digits, with hyphens in their usual places or without.
    private static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        let digits = groups.joined().utf8
        guard digits.count == 32, digits.allSatisfy({ CharacterKind.hexValue($0) != nil }) else {
            return false
        }
        // Each hyphen may be missing, but none may stand elsewhere.
        var ends: Set<Int> = []
        var length = 0
        for group in groups.dropLast() {
            length += group.utf8.count
            guard ends.insert(length).inserted else { return false }
        }
        return ends.isSubset(of: [8, 12, 16, 20])
    }
}
