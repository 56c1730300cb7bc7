/// The Unicode classes of `\p{...}`: general categories, and the scripts most in use by their main blocks.
enum RegexCategory {
    static func isKnown(_ name: String) -> Bool {
        name == "Any" || scripts[name] != nil || majors.contains(name) || minors.contains(name)
    }

    static func contains(_ name: String, _ value: UInt32) -> Bool {
        if name == "Any" { return true }
        if let ranges = scripts[name] { return ranges.contains { $0.contains(value) } }
        guard let scalar = Unicode.Scalar(value) else { return name == "C" || name == "Cs" }
        let category = abbreviation(scalar.properties.generalCategory)
        return category == name || (name.utf8.count == 1 && category.hasPrefix(name))
    }

    private static let majors: Set<String> = ["C", "L", "M", "N", "P", "S", "Z"]
    private static let minors: Set<String> = [
        "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd",
        "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs",
    ]

    private static let scripts: [String: [ClosedRange<UInt32>]] = [
        "Latin": [
            0x41...0x5a, 0x61...0x7a, 0xaa...0xaa, 0xba...0xba, 0xc0...0xd6, 0xd8...0xf6, 0xf8...0x2b8,
            0x1e00...0x1eff, 0x2c60...0x2c7f, 0xa722...0xa787, 0xff21...0xff3a, 0xff41...0xff5a,
        ],
        "Greek": [
            0x370...0x373, 0x375...0x377, 0x37a...0x37d, 0x37f...0x37f, 0x384...0x384, 0x386...0x386,
            0x388...0x3e1, 0x3f0...0x3ff, 0x1f00...0x1ffe,
        ],
        "Cyrillic": [0x400...0x484, 0x487...0x52f, 0x1c80...0x1c88, 0x2de0...0x2dff, 0xa640...0xa69f],
        "Hebrew": [0x591...0x5f4, 0xfb1d...0xfb4f],
        "Arabic": [
            0x600...0x604, 0x606...0x60b, 0x60d...0x61a, 0x61c...0x61e, 0x620...0x63f, 0x641...0x64a,
            0x656...0x66f, 0x671...0x6dc, 0x6de...0x6ff, 0x750...0x77f,
        ],
        "Devanagari": [0x900...0x950, 0x955...0x963, 0x966...0x97f],
        "Thai": [0xe01...0xe3a, 0xe40...0xe5b],
        "Hangul": [0x1100...0x11ff, 0x3131...0x318e, 0xac00...0xd7a3],
        "Hiragana": [0x3041...0x3096, 0x309d...0x309f],
        "Katakana": [0x30a1...0x30fa, 0x30fd...0x30ff, 0x31f0...0x31ff, 0xff66...0xff6f, 0xff71...0xff9d],
        "Han": [
            0x2e80...0x2fd5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029, 0x3038...0x303b,
            0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfad9, 0x20000...0x3134a,
        ],
    ]

    private static func abbreviation(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        // Go's tables have no class of unassigned code points, not even within `C`.
        case .unassigned: "unassigned"
        @unknown default: "unassigned"
        }
    }
}
