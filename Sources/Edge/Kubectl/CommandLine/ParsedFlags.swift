/// The flags of one command line, checked against their kinds.
struct ParsedFlags: Sendable {
    private let specs: [String: FlagSpec]
    private(set) var values: [String: [String]] = [:]

    init(_ specs: [FlagSpec]) {
        self.specs = Dictionary(specs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The flags without those of these names.
    func without(_ names: [String]) -> ParsedFlags {
        var flags = self
        for name in names { flags.values[name] = nil }
        return flags
    }

    func spec(_ name: String) -> FlagSpec? { specs[name] }

    func isSet(_ name: String) -> Bool { values[name] != nil }

    /// The last value, else the default.
    func string(_ name: String) -> String {
        values[name]?.last ?? specs[name]?.defaultValue ?? ""
    }

    /// The value if the flag was given.
    func given(_ name: String) -> String? { values[name]?.last }

    func bool(_ name: String) -> Bool { Self.parseBool(string(name)) ?? false }

    func int(_ name: String) -> Int { Int(string(name)) ?? 0 }

    func duration(_ name: String) -> Duration { GoDuration.parse(string(name)) ?? .zero }

    /// All values of a list, split at commas where the flag's kind says so.
    func strings(_ name: String) -> [String] {
        let values = self.values[name] ?? (string(name).isEmpty ? [] : [string(name)])
        guard specs[name]?.kind == .strings else { return values }
        return values.flatMap { $0.isEmpty ? [] : $0.split(separator: ",").map(String.init) }
    }

    /// Takes a value; throws when it does not fit the flag.
    mutating func add(_ spec: FlagSpec, _ value: String, written: String) throws(KubectlError) {
        if let refusal = spec.refusal {
            throw .usage("flag \(written) is not supported by this kubectl: \(refusal)")
        }
        let problem: String? =
            switch spec.kind {
            case .bool where Self.parseBool(value) == nil:
                "strconv.ParseBool: parsing \(goQuoted(value)): invalid syntax"
            case .int where Int(value) == nil:
                "strconv.ParseInt: parsing \(goQuoted(value)): invalid syntax"
            case .duration where GoDuration.parse(value) == nil: "time: invalid duration \(goQuoted(value))"
            default: nil
            }
        if let problem {
            throw .usage("invalid argument \(goQuoted(value)) for \(goQuoted(written)) flag: \(problem)")
        }
        switch spec.kind {
        case .strings, .stringArray: values[spec.name, default: []].append(value)
        default: values[spec.name] = [value]
        }
    }

    /// What Go's strconv.ParseBool accepts.
    static func parseBool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }
}
