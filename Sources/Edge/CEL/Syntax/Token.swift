/// A lexical element and where it stands.
struct Token {
    enum Kind: Equatable {
        case identifier(String)
        /// A field name between backticks.
        case escapedIdentifier(String)
        case int(String)
        case uint(String)
        case double(String)
        case string(String)
        case bytes([UInt8])
        case symbol(String)
        /// `true`, `false`, `null` or `in`.
        case keyword(String)
        case end
    }

    let kind: Kind
    let range: Range<Int>

    func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
}
