/// The priority of a version name: stable ones before beta before alpha, higher numbers first, then names
/// that follow no scheme, alphabetically.
struct VersionRank: Comparable {
    private let stage: Int
    private let major: Int
    private let minor: Int
    private let name: String

    init(_ name: String) {
        self.name = name
        var rest = Substring(name)
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return Int(digits)
        }
        guard rest.popFirst() == "v", let major = number(), major > 0 else {
            (stage, self.major, minor) = (0, 0, 0)
            return
        }
        self.major = major
        switch rest {
        case "": (stage, minor) = (3, 0)
        case _ where rest.hasPrefix("beta") || rest.hasPrefix("alpha"):
            let isBeta = rest.hasPrefix("beta")
            rest = rest.dropFirst(isBeta ? 4 : 5)
            let minor = number() ?? 0
            (stage, self.minor) = rest.isEmpty && minor > 0 ? (isBeta ? 2 : 1, minor) : (0, 0)
        default: (stage, minor) = (0, 0)
        }
    }

    /// Lower means preferred.
    static func < (left: Self, right: Self) -> Bool {
        if left.stage != right.stage { return left.stage > right.stage }
        if left.stage > 0 {
            if left.major != right.major { return left.major > right.major }
            if left.minor != right.minor { return left.minor > right.minor }
        }
        return left.name < right.name
    }
}
