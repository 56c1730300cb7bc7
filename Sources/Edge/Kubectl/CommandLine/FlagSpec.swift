/// One flag of a command: how it is written, what it takes and what it means.
struct FlagSpec: Sendable {
    enum Kind: String, Sendable {
        case bool, string, int, duration
        /// Repeatable, and each value is split at commas.
        case strings
        /// Repeatable, values taken as they are.
        case stringArray
    }

    let name: String
    let short: Character?
    let kind: Kind
    let defaultValue: String
    /// What the flag means when it stands without a value; nil when it must have one (except for bool).
    let valueWhenBare: String?
    let help: String
    /// Known to Kubernetes' kubectl but not built here: using it is an error with this reason.
    let refusal: String?

    init(
        _ name: String, _ short: Character? = nil, _ kind: Kind = .bool, default defaultValue: String = "",
        bare valueWhenBare: String? = nil, refused refusal: String? = nil, _ help: String = ""
    ) {
        self.name = name
        self.short = short
        self.kind = kind
        self.defaultValue = defaultValue.isEmpty && kind == .bool ? "false" : defaultValue
        self.valueWhenBare = kind == .bool ? "true" : valueWhenBare
        self.help = help
        self.refusal = refusal
    }

    /// A flag of Kubernetes' kubectl that is refused.
    static func refused(_ name: String, _ short: Character? = nil, _ kind: Kind = .bool, _ reason: String)
        -> FlagSpec
    {
        FlagSpec(name, short, kind, bare: "true", refused: reason)
    }
}
