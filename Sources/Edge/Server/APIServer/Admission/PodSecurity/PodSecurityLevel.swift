internal import EdgeAPI
internal import EdgeJSON

/// One of the Pod Security Standards in the form of one Kubernetes version: `restricted:latest`.
struct PodSecurityLevel: Equatable, CustomStringConvertible {
    enum Name: String, Comparable {
        case privileged, baseline, restricted

        private var rank: Int { self == .privileged ? 0 : self == .baseline ? 1 : 2 }
        static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// What a namespace's label wants the level for.
    enum Mode: String, CaseIterable {
        case enforce, audit, warn

        var label: String { "pod-security.kubernetes.io/\(rawValue)" }
        var versionLabel: String { "\(label)-version" }
    }

    var name: Name
    /// The minor version whose rules hold; nil for the latest.
    var minor: Int?

    static let privileged = PodSecurityLevel(name: .privileged, minor: nil)

    var description: String { "\(name.rawValue):\(minor.map { "v1.\($0)" } ?? "latest")" }

    /// The level that a namespace's labels give for a mode. What does not read counts as restricted, so that a
    /// slip of the pen opens nothing.
    init(_ namespace: APIObject, _ mode: Mode) {
        let level = namespace[label: mode.label] ?? ""
        let version = namespace[label: mode.versionLabel] ?? ""
        name = level.isEmpty ? .privileged : Name(rawValue: level) ?? .restricted
        minor = Self.minor(version) ?? nil
    }

    init(name: Name, minor: Int?) {
        self.name = name
        self.minor = minor
    }

    /// `latest` is nil; the outer nil stands for what is no version.
    private static func minor(_ text: String) -> Int?? {
        if text.isEmpty || text == "latest" { return .some(nil) }
        guard text.hasPrefix("v1."), let minor = Int(text.dropFirst(3)), minor >= 0, text.count <= 6 else {
            return nil
        }
        return .some(minor)
    }

    /// What is wrong with a namespace's labels.
    static func validate(_ namespace: APIObject, old: APIObject?) -> [FieldError] {
        var errors: [FieldError] = []
        func check(_ label: String, _ detail: String, _ isValid: (String) -> Bool) {
            guard let value = namespace[label: label], value != old?[label: label], !isValid(value) else {
                return
            }
            errors.append(
                FieldError(.invalid, "metadata.labels[\(label)]", value: .string(value), detail: detail))
        }
        for mode in Mode.allCases {
            check(mode.label, "must be one of privileged, baseline, restricted") {
                Name(rawValue: $0) != nil
            }
            check(mode.versionLabel, "must be \"latest\" or \"v1.x\"") { minor($0) != nil }
        }
        return errors
    }
}
