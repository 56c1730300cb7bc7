/// Splits a command line into flags and arguments the way kubectl's users are used to: flags stand
/// anywhere, `--name=value` or `--name value`, short ones may be joined (`-it`, `-nweb`, `-n=web`), and
/// everything behind `--` is an argument.
struct FlagParser {
    struct Result {
        var flags: ParsedFlags
        var arguments: [String] = []
        /// How many arguments stood before `--`; nil when there was none.
        var dashIndex: Int?
        var wantsHelp = false
    }

    private let long: [String: FlagSpec]
    private let short: [Character: FlagSpec]
    private var result: Result

    private init(_ specs: [FlagSpec]) {
        long = Dictionary(specs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        short = Dictionary(
            specs.compactMap { spec in spec.short.map { ($0, spec) } },
            uniquingKeysWith: { first, _ in first })
        result = Result(flags: ParsedFlags(specs))
    }

    static func parse(_ arguments: [String], _ specs: [FlagSpec]) throws(KubectlError) -> Result {
        var parser = FlagParser(specs)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                parser.result.dashIndex = parser.result.arguments.count
                parser.result.arguments += rest
                break
            } else if argument.hasPrefix("--") {
                try parser.takeLong(String(argument.dropFirst(2)), &rest)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                try parser.takeShort(String(argument.dropFirst()), &rest)
            } else {
                parser.result.arguments.append(argument)
            }
        }
        return parser.result
    }

    private mutating func takeLong(_ text: String, _ rest: inout ArraySlice<String>) throws(KubectlError) {
        let equals = text.firstIndex(of: "=")
        let name = String(text[..<(equals ?? text.endIndex)])
        if name == "help" {
            result.wantsHelp = true
            return
        }
        guard !name.isEmpty, let spec = long[name] else {
            throw .usage(name.isEmpty ? "bad flag syntax: --\(text)" : "unknown flag: --\(name)")
        }
        let value: String
        if let equals {
            value = String(text[text.index(after: equals)...])
        } else if let bare = spec.valueWhenBare {
            value = bare
        } else if let next = rest.popFirst() {
            value = next
        } else {
            throw .usage("flag needs an argument: --\(name)")
        }
        try result.flags.add(spec, value, written: Self.written(spec))
    }

    private mutating func takeShort(_ text: String, _ rest: inout ArraySlice<String>) throws(KubectlError) {
        var letters = text[...]
        while let letter = letters.popFirst() {
            guard let spec = short[letter] else {
                if letter == "h" {
                    result.wantsHelp = true
                    return
                }
                throw .usage("unknown shorthand flag: '\(letter)' in -\(text)")
            }
            if letters.first == "=" {
                try result.flags.add(spec, String(letters.dropFirst()), written: Self.written(spec))
                return
            }
            if let bare = spec.valueWhenBare {
                try result.flags.add(spec, bare, written: Self.written(spec))
                continue
            }
            if !letters.isEmpty {
                try result.flags.add(spec, String(letters), written: Self.written(spec))
                return
            }
            guard let next = rest.popFirst() else {
                throw .usage("flag needs an argument: '\(letter)' in -\(text)")
            }
            try result.flags.add(spec, next, written: Self.written(spec))
        }
    }

    /// `-n, --namespace`, as error messages name a flag.
    private static func written(_ spec: FlagSpec) -> String {
        spec.short.map { "-\($0), --\(spec.name)" } ?? "--\(spec.name)"
    }
}
