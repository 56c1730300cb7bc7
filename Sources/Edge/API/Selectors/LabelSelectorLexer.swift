/// Splits the text of a label selector into tokens.
struct LabelSelectorLexer {
    enum Token: Hashable {
        case identifier(String)
        case comma, not, equals, doubleEquals, notEquals, greaterThan, lessThan, open, close
        /// The words `in` and `notin`, which may also be values.
        case `in`, notIn
        case end
    }

    private let bytes: [UInt8]
    private var index = 0

    static func tokens(of text: String) -> [Token] {
        var lexer = LabelSelectorLexer(bytes: Array(text.utf8))
        var tokens: [Token] = []
        while true {
            let token = lexer.next()
            tokens.append(token)
            if token == .end { return tokens }
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func next() -> Token {
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] != 0 else { return .end }
        return Self.isSpecial(bytes[index]) ? symbol() : word()
    }

    private mutating func word() -> Token {
        let start = index
        while index < bytes.count, bytes[index] != 0, !Self.isSpecial(bytes[index]),
            !Self.isSpace(bytes[index])
        {
            index += 1
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        switch text {
        case "in": return .in
        case "notin": return .notIn
        default: return .identifier(text)
        }
    }

    private mutating func symbol() -> Token {
        let byte = bytes[index]
        let isDouble = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "=")
        index += 1
        switch byte {
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: "("): return .open
        case UInt8(ascii: ")"): return .close
        case UInt8(ascii: ">"): return .greaterThan
        case UInt8(ascii: "<"): return .lessThan
        case UInt8(ascii: "!"):
            if isDouble { index += 1 }
            return isDouble ? .notEquals : .not
        default:
            if isDouble { index += 1 }
            return isDouble ? .doubleEquals : .equals
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }

    private static func isSpecial(_ byte: UInt8) -> Bool { Names.isOneOf(byte, "=!(),><") }
}

extension LabelSelectorLexer.Token {
    /// The text as it stood.
    var literal: String {
        switch self {
        case .identifier(let text): text
        case .comma: ","
        case .not: "!"
        case .equals: "="
        case .doubleEquals: "=="
        case .notEquals: "!="
        case .greaterThan: ">"
        case .lessThan: "<"
        case .open: "("
        case .close: ")"
        case .in: "in"
        case .notIn: "notin"
        case .end: ""
        }
    }

    /// The text where a value may stand: an identifier, or one of the words.
    var value: String? {
        switch self {
        case .identifier(let text): text
        case .in, .notIn: literal
        default: nil
        }
    }
}
