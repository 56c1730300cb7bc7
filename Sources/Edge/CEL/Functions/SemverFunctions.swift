/// Semantic versions (semver.org, as Kubernetes parses them).
enum SemverFunctions {
    static let type = CELType.opaque("kubernetes.Semver")

    struct Value: CELOpaqueValue {
        let version: SemanticVersion
        var type: CELType { SemverFunctions.type }
        var text: String { version.text }

        func equals(_ other: any CELOpaqueValue) -> Bool {
            (other as? Value).map { version.compare($0.version) == 0 } ?? false
        }
    }

    private static func version(_ value: CELValue) throws(CELEvaluationError) -> SemanticVersion {
        guard case .opaque(let value) = value, let value = value as? Value else { throw .noSuchOverload }
        return value.version
    }

    static func declare(in table: inout FunctionTable) {
        for (id, arguments) in [("string", [CELType.string]), ("string_bool", [.string, .bool])] {
            table.global("semver", "\(id)_to_semver", arguments, type) { values throws(CELEvaluationError) in
                let normalizes = values.count > 1 && values[1].asBool
                return .opaque(Value(version: try SemanticVersion(values[0].asText, normalizes: normalizes)))
            }
            table.global("isSemver", "is_semver_\(id)", arguments, .bool) {
                values throws(CELEvaluationError) in
                do throws(CELEvaluationError) {
                    _ = try SemanticVersion(
                        values[0].asText, normalizes: values.count > 1 && values[1].asBool)
                    return .bool(true)
                } catch { return .bool(false) }
            }
        }
        let parts: [(String, @Sendable (SemanticVersion) -> UInt64)] = [
            ("major", { $0.major }), ("minor", { $0.minor }), ("patch", { $0.patch }),
        ]
        for (name, part) in parts {
            table.member(name, "semver_\(name)", [type], .int) { values throws(CELEvaluationError) in
                .int(Int64(clamping: part(try version(values[0]))))
            }
        }
        table.member("isGreaterThan", "semver_is_greater_than", [type, type], .bool) {
            values throws(CELEvaluationError) in
            .bool(try version(values[0]).compare(version(values[1])) > 0)
        }
        table.member("isLessThan", "semver_is_less_than", [type, type], .bool) {
            values throws(CELEvaluationError) in
            .bool(try version(values[0]).compare(version(values[1])) < 0)
        }
        table.member("compareTo", "semver_compare_to", [type, type], .int) {
            values throws(CELEvaluationError) in
            .int(Int64(try version(values[0]).compare(version(values[1]))))
        }
    }
}

/// A semantic version; build metadata is kept but does not count.
struct SemanticVersion: Sendable {
    private(set) var major: UInt64 = 0
    private(set) var minor: UInt64 = 0
    private(set) var patch: UInt64 = 0
    private var prerelease: [Substring] = []
    let text: String

    /// Normalizing takes away a `v` and leading zeros, and adds the parts that are missing.
    init(_ text: String, normalizes: Bool) throws(CELEvaluationError) {
        self.text = normalizes ? try Self.normalized(text) : text
        guard !self.text.isEmpty else { throw CELEvaluationError("Version string empty") }
        let parts = self.text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw CELEvaluationError("No Major.Minor.Patch elements found") }
        major = try Self.number(parts[0], "major")
        minor = try Self.number(parts[1], "minor")
        var rest = parts[2]
        if let plus = rest.firstIndex(of: "+") {
            try Self.check(rest[rest.index(after: plus)...], "Build meta data")
            rest = rest[..<plus]
        }
        if let hyphen = rest.firstIndex(of: "-") {
            let identifiers = rest[rest.index(after: hyphen)...]
            try Self.check(identifiers, "Prerelease")
            prerelease = identifiers.split(separator: ".")
            for part in prerelease
            where part.allSatisfy(\.isWholeNumber) && part.count > 1 && part.hasPrefix("0") {
                throw CELEvaluationError(
                    "Numeric PreRelease version must not contain leading zeroes \"\(part)\"")
            }
            rest = rest[..<hyphen]
        }
        patch = try Self.number(rest, "patch")
    }

    private static func number(_ text: Substring, _ name: String) throws(CELEvaluationError) -> UInt64 {
        guard !text.isEmpty, text.utf8.allSatisfy(CharacterKind.isDigit) else {
            throw CELEvaluationError("Invalid character(s) found in \(name) number \"\(text)\"")
        }
        if text.utf8.count > 1, text.hasPrefix("0") {
            let title = name.prefix(1).uppercased() + name.dropFirst()
            throw CELEvaluationError("\(title) number must not contain leading zeroes \"\(text)\"")
        }
        guard let value = UInt64(text) else {
            throw CELEvaluationError("strconv.ParseUint: parsing \"\(text)\": value out of range")
        }
        return value
    }

    private static func check(_ text: Substring, _ name: String) throws(CELEvaluationError) {
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw CELEvaluationError("\(name) is empty") }
            guard part.utf8.allSatisfy({ CharacterKind.isIdentifier($0) && $0 != 0x5f || $0 == 0x2d }) else {
                throw CELEvaluationError("Invalid character(s) found in \(name.lowercased()) \"\(part)\"")
            }
        }
    }

    private static func normalized(_ text: String) throws(CELEvaluationError) -> String {
        let plain = text.hasPrefix("v") ? text.dropFirst() : text[...]
        var parts = plain.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map { part in
            var digits = part
            while digits.utf8.count > 1, digits.hasPrefix("0"),
                digits.dropFirst().utf8.first.map(CharacterKind.isDigit) ?? false
            { digits = digits.dropFirst() }
            return String(digits)
        }
        if parts.count < 3, let last = parts.last, last.contains("+") || last.contains("-") {
            throw CELEvaluationError("short version cannot contain PreRelease/Build meta data")
        }
        while parts.count < 3 { parts.append("0") }
        return parts.joined(separator: ".")
    }

    /// -1, 0 or 1 (semver.org, item 11).
    func compare(_ other: SemanticVersion) -> Int {
        for (left, right) in [(major, other.major), (minor, other.minor), (patch, other.patch)]
        where left != right {
            return left < right ? -1 : 1
        }
        if prerelease.isEmpty || other.prerelease.isEmpty {
            return prerelease.isEmpty == other.prerelease.isEmpty ? 0 : prerelease.isEmpty ? 1 : -1
        }
        for (left, right) in zip(prerelease, other.prerelease) where left != right {
            switch (UInt64(left), UInt64(right)) {
            case (let left?, let right?): return left < right ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            default: return left < right ? -1 : 1
            }
        }
        return prerelease.count == other.prerelease.count
            ? 0 : prerelease.count < other.prerelease.count ? -1 : 1
    }
}
