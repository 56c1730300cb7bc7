/// Cuts the source into tokens. Characters that begin none are reported and passed over.
struct Lexer {
    private let source: SourceText
    private let issues: IssueLog
    private var index = 0
    private var scalars: [Unicode.Scalar] { source.scalars }

    init(_ source: SourceText, _ issues: IssueLog) {
        self.source = source
        self.issues = issues
    }

    mutating func tokens() -> [Token] {
        var tokens: [Token] = []
        while let token = next() { tokens.append(token) }
        tokens.append(Token(kind: .end, range: scalars.count..<scalars.count))
        return tokens
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && CharacterKind.isLetter(UInt8(truncatingIfNeeded: scalar.value))
    }
    private static func isHex(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { $0.isASCII && CharacterKind.hexValue(UInt8(truncatingIfNeeded: $0.value)) != nil }
            ?? false
    }

    private mutating func skipSpace() {
        while let scalar = peek() {
            if [" ", "\t", "\n", "\r", "\u{c}"].contains(scalar) {
                index += 1
            } else if scalar == "/", peek(1) == "/" {
                while let scalar = peek(), scalar != "\n" { index += 1 }
            } else {
                return
            }
        }
    }

    private mutating func next() -> Token? {
        while true {
            skipSpace()
            guard let scalar = peek() else { return nil }
            let start = index
            let literal = literalText(scalar)
            // A literal that does not end has been passed over; nothing else begins where it began.
            if let kind = literal ?? (index == start ? number(scalar) ?? word(scalar) ?? symbol() : nil) {
                return Token(kind: kind, range: start..<index)
            }
            if index == start { index += 1 }
            issues.report(
                "Syntax error: token recognition error at: '\(source.text(start..<index))'", at: start)
        }
    }

    private mutating func word(_ scalar: Unicode.Scalar) -> Token.Kind? {
        let start = index
        if scalar == "`" {
            var end = index + 1
            while end < scalars.count,
                Self.isLetter(scalars[end]) || Self.isDigit(scalars[end])
                    || [".", "-", "/", " "].contains(scalars[end])
            { end += 1 }
            guard end < scalars.count, scalars[end] == "`", end > index + 1 else { return nil }
            index = end + 1
            return .escapedIdentifier(source.text(start + 1..<end))
        }
        guard Self.isLetter(scalar) else { return nil }
        while let scalar = peek(), Self.isLetter(scalar) || Self.isDigit(scalar) { index += 1 }
        let text = source.text(start..<index)
        return ["true", "false", "null", "in"].contains(text) ? .keyword(text) : .identifier(text)
    }

    private mutating func symbol() -> Token.Kind? {
        for length in [2, 1] where index + length <= scalars.count {
            let text = source.text(index..<index + length)
            if Self.symbols.contains(text) {
                index += length
                return .symbol(text)
            }
        }
        return nil
    }

    private static let symbols: Set<String> = [
        "==", "!=", "<", "<=", ">", ">=", "&&", "||", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?",
        ":", "+", "*", "/", "%",
    ]

    private mutating func number(_ scalar: Unicode.Scalar) -> Token.Kind? {
        let start = index
        guard Self.isDigit(scalar) || (scalar == "." && Self.isDigit(peek(1))) else { return nil }
        if scalar == "0", peek(1) == "x", Self.isHex(peek(2)) {
            index += 2
            while Self.isHex(peek()) { index += 1 }
            return whole(from: start)
        }
        while Self.isDigit(peek()) { index += 1 }
        var isDouble = false
        if peek() == ".", Self.isDigit(peek(1)) {
            isDouble = true
            index += 1
            while Self.isDigit(peek()) { index += 1 }
        }
        if peek() == "e" || peek() == "E" {
            let signLength = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if Self.isDigit(peek(1 + signLength)) {
                isDouble = true
                index += 1 + signLength
                while Self.isDigit(peek()) { index += 1 }
            }
        }
        return isDouble ? .double(source.text(start..<index)) : whole(from: start)
    }

    private mutating func whole(from start: Int) -> Token.Kind {
        let text = source.text(start..<index)
        guard peek() == "u" || peek() == "U" else { return .int(text) }
        index += 1
        return .uint(text)
    }

    /// A string or bytes with its prefixes; nil, without moving, where none begins here.
    private mutating func literalText(_ scalar: Unicode.Scalar) -> Token.Kind? {
        var isRaw = false
        var isBytes = false
        var offset = 0
        if scalar == "b" || scalar == "B" {
            isBytes = true
            offset += 1
        }
        if peek(offset) == "r" || peek(offset) == "R" {
            isRaw = true
            offset += 1
        }
        guard let quote = peek(offset), quote == "\"" || quote == "'" else { return nil }
        let start = index
        index += offset
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        let bodyStart = index
        while let scalar = peek() {
            if scalar == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                let body = bodyStart..<index
                index += isTriple ? 3 : 1
                return value(of: body, isRaw: isRaw, isBytes: isBytes, start: start)
            }
            if !isTriple, scalar == "\n" || scalar == "\r" { break }
            index += scalar == "\\" && !isRaw ? 2 : 1
        }
        index = min(index, scalars.count)
        return nil
    }

    private func value(of body: Range<Int>, isRaw: Bool, isBytes: Bool, start: Int) -> Token.Kind {
        if isRaw {
            let text = source.text(body)
            return isBytes ? .bytes(Array(text.utf8)) : .string(text)
        }
        var unescaper = Unescaper(scalars: scalars[body], isBytes: isBytes)
        guard let bytes = unescaper.unescaped() else {
            issues.report(
                "Syntax error: token recognition error at: '\(source.text(start..<index))'", at: start)
            return isBytes ? .bytes([]) : .string("")
        }
        return isBytes ? .bytes(bytes) : .string(String(decoding: bytes, as: UTF8.self))
    }
}
