/// Reads the JSONPath templates of kubectl (`{range .items[*]}{.metadata.name}{"\n"}{end}`).
struct JSONPathParser {
    private let input: [Character]
    private var position = 0

    private init(_ text: String) { input = Array(text) }

    /// The template's parts: text and the contents of braces.
    static func parse(_ text: String) throws(JSONPathError) -> [JSONPathNode] {
        var parser = JSONPathParser(text)
        var nodes: [JSONPathNode] = []
        var plain = ""
        while let character = parser.peek {
            if character != "{" {
                plain.append(character)
                parser.position += 1
                continue
            }
            if !plain.isEmpty { nodes.append(.text(plain)) }
            plain = ""
            parser.position += 1
            nodes.append(.list(try parser.action(until: "}")))
        }
        if !plain.isEmpty { nodes.append(.text(plain)) }
        return nodes
    }

    private static func actionNodes(_ text: String) throws(JSONPathError) -> [JSONPathNode] {
        var parser = JSONPathParser(text + "}")
        return try parser.action(until: "}")
    }

    private var peek: Character? { position < input.count ? input[position] : nil }

    private mutating func next() -> Character? {
        guard position < input.count else { return nil }
        defer { position += 1 }
        return input[position]
    }

    private func hasPrefix(_ text: String) -> Bool {
        let end = position + text.count
        return end <= input.count && input[position..<end].elementsEqual(text)
    }

    private mutating func action(until end: Character) throws(JSONPathError) -> [JSONPathNode] {
        var nodes: [JSONPathNode] = []
        while true {
            if hasPrefix("[?(") {
                nodes.append(try filter())
                continue
            }
            if hasPrefix("..") {
                guard nodes.last != .recursive else {
                    throw JSONPathError("invalid multiple recursive descent")
                }
                position += 2
                nodes.append(.recursive)
                if let character = peek, Self.isWord(character) { nodes.append(field()) }
                continue
            }
            guard let character = next(), character != "\n", character != "\r" else {
                throw JSONPathError("unclosed action")
            }
            switch character {
            case end: return nodes
            case " ", "@", "$": continue
            case "[": nodes += try array()
            case "\"", "'": nodes.append(try quote(character))
            case ".": nodes.append(field())
            case "+", "-", "0"..."9":
                position -= 1
                nodes.append(try number())
            case let character where Self.isWord(character):
                position -= 1
                nodes.append(try identifier())
            default:
                throw JSONPathError("unrecognized character in action: \(Self.codePoint(character))")
            }
        }
    }

    private static func codePoint(_ character: Character) -> String {
        let value = character.unicodeScalars.first?.value ?? 0
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + " '\(character)'"
    }

    private mutating func identifier() throws(JSONPathError) -> JSONPathNode {
        var word = ""
        while let character = peek, !Self.isTerminator(character) {
            word.append(character)
            position += 1
        }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "range": return .range
        case "end": return .end
        default: throw JSONPathError("unrecognized identifier \(word)")
        }
    }

    private mutating func field() -> JSONPathNode {
        var name = ""
        while let character = peek {
            if character == "\\" {
                position += 1
                if let escaped = next() { name.append(escaped) }
                continue
            }
            if Self.isTerminator(character) { break }
            name.append(character)
            position += 1
        }
        return name == "*" ? .wildcard : .field(name)
    }

    private mutating func number() throws(JSONPathError) -> JSONPathNode {
        var text = ""
        if let sign = peek, sign == "+" || sign == "-" {
            if sign == "-" { text.append(sign) }
            position += 1
        }
        while let character = peek, character == "." || ("0"..."9").contains(character) {
            text.append(character)
            position += 1
        }
        if let value = Int64(text) { return .int(value) }
        if let value = Double(text) { return .float(value) }
        throw JSONPathError("cannot parse number \(text)")
    }

    private mutating func quote(_ mark: Character) throws(JSONPathError) -> JSONPathNode {
        var text = ""
        while let character = next(), character != "\n" {
            if character == mark { return .text(text) }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            guard let escaped = next() else { break }
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            case "\\", "\"", "'", "/": text.append(escaped)
            default: throw JSONPathError("unquote string: invalid escape \\\(escaped)")
            }
        }
        throw JSONPathError("unterminated quoted string")
    }

    /// What stands between brackets: an index, a slice, a key in quotes, or several of these.
    private mutating func array() throws(JSONPathError) -> [JSONPathNode] {
        var text = ""
        while let character = next(), character != "\n" {
            guard character == "]" else {
                text.append(character)
                continue
            }
            return try Self.selection(text == "*" ? ":" : text)
        }
        throw JSONPathError("unterminated array")
    }

    private static func selection(_ text: String) throws(JSONPathError) -> [JSONPathNode] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count > 1 {
            var union: [[JSONPathNode]] = []
            for part in parts { union.append(try actionNodes("[\(String(part).trimmed)]")) }
            return [.union(union)]
        }
        if text.hasPrefix("'"), text.hasSuffix("'"), text.count >= 3 {
            // A path within the key is followed: dots that belong to the key are escaped.
            return try actionNodes(".\(text.dropFirst().dropLast())")
        }
        return [try slice(text)]
    }

    private static func slice(_ text: String) throws(JSONPathError) -> JSONPathNode {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard !text.isEmpty, parts.count <= 3 else { throw JSONPathError("invalid array index \(text)") }
        var numbers: [Int?] = []
        for part in parts {
            guard part.isEmpty || Int(part) != nil else { throw JSONPathError("invalid array index \(text)") }
            numbers.append(Int(part))
        }
        if parts.count == 1, let start = numbers[0] {
            return .slice(start: start, end: start + 1, step: nil, endIsDerived: true)
        }
        return .slice(
            start: numbers[0], end: numbers[1], step: numbers.count > 2 ? numbers[2] : nil,
            endIsDerived: false)
    }

    private mutating func filter() throws(JSONPathError) -> JSONPathNode {
        position += 3
        var text = ""
        var quote: Character?
        var depth = 0
        while let character = next(), character != "\n" {
            if let mark = quote {
                if character == mark, text.last != "\\" { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "(" {
                depth += 1
            } else if character == ")" {
                if depth == 0 {
                    guard next() == "]" else { throw JSONPathError("unclosed array expect ]") }
                    return try Self.comparison(text)
                }
                depth -= 1
            }
            text.append(character)
        }
        throw JSONPathError("unterminated filter")
    }

    private static func comparison(_ text: String) throws(JSONPathError) -> JSONPathNode {
        let marks: Set<Character> = ["!", "<", ">", "="]
        guard let start = text.firstIndex(where: marks.contains), start > text.startIndex else {
            return .filter(left: try actionNodes(text), operator: "exists", right: [])
        }
        let end = text[start...].firstIndex { !marks.contains($0) } ?? text.endIndex
        guard end < text.endIndex else {
            return .filter(left: try actionNodes(text), operator: "exists", right: [])
        }
        return .filter(
            left: try actionNodes(String(text[..<start])), operator: String(text[start..<end]),
            right: try actionNodes(String(text[end...])))
    }

    private static func isTerminator(_ character: Character) -> Bool {
        switch character {
        case " ", "\t", "\n", "\r", ".", ",", "[", "]", "$", "@", "{", "}": true
        default: false
        }
    }

    private static func isWord(_ character: Character) -> Bool {
        character == "_" || character.isLetter || character.isNumber
    }
}

extension String {
    /// The text with every `old` replaced.
    func replacingAll(_ old: String, with new: String) -> String {
        guard !old.isEmpty else { return self }
        var output = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(old) {
                output += new
                rest = rest.dropFirst(old.count)
            } else {
                output.append(rest.removeFirst())
            }
        }
        return output
    }
}
