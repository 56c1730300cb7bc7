/// A set of code points: ranges, Unicode categories, and their complement.
struct RegexSet: Sendable {
    /// General categories by name, such as `L` or `Lu`, or all others where negated.
    struct Category: Sendable {
        let name: String
        let isNegated: Bool
    }

    var ranges: [ClosedRange<UInt32>] = []
    var categories: [Category] = []
    /// Sets within the brackets that are complements themselves, such as `\W` or `[:^alpha:]`.
    var complements: [[ClosedRange<UInt32>]] = []
    var isNegated = false
    var ignoresCase = false

    static func perl(_ letter: UInt8) -> [ClosedRange<UInt32>]? {
        switch letter {
        case UInt8(ascii: "d"), UInt8(ascii: "D"): [0x30...0x39]
        case UInt8(ascii: "s"), UInt8(ascii: "S"): [0x09...0x0a, 0x0c...0x0d, 0x20...0x20]
        case UInt8(ascii: "w"), UInt8(ascii: "W"): [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a]
        default: nil
        }
    }

    /// The POSIX classes of RE2, which hold ASCII only.
    static let posix: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5a, 0x61...0x7a], "alpha": [0x41...0x5a, 0x61...0x7a],
        "ascii": [0...0x7f], "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0...0x1f, 0x7f...0x7f],
        "digit": [0x30...0x39], "graph": [0x21...0x7e], "lower": [0x61...0x7a], "print": [0x20...0x7e],
        "punct": [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e],
        "space": [0x09...0x0d, 0x20...0x20], "upper": [0x41...0x5a],
        "word": [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a],
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]

    func contains(_ value: UInt32) -> Bool {
        var isFound = holds(value)
        if !isFound, ignoresCase {
            isFound = RegexScalar.otherCases(value).contains { holds($0) }
        }
        return isFound != isNegated
    }

    private func holds(_ value: UInt32) -> Bool {
        for range in ranges where range.contains(value) { return true }
        for complement in complements where !complement.contains(where: { $0.contains(value) }) {
            return true
        }
        for category in categories where RegexCategory.contains(category.name, value) != category.isNegated {
            return true
        }
        return false
    }
}
