/// Parses RE2's syntax by recursive descent.
struct RegexParser {
    struct Flags {
        var ignoresCase = false
        var isMultiLine = false
        var dotMatchesNewline = false
        var isUngreedy = false
    }

    /// As Go's parser: deeper nesting is refused.
    static let maximumDepth = 250
    static let maximumRepeat = 1000

    let scalars: [Unicode.Scalar]
    var index = 0
    var flags = Flags()
    private var depth = 0

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(RegularExpressionError) -> RegexNode {
        let node = try alternation()
        guard index == scalars.count else { throw failure(.unexpectedParenthesis, from: 0) }
        return node
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    /// A failure about the part from an index to where the parser stands, or to the end.
    func failure(
        _ reason: RegularExpressionError.Reason, from start: Int, to end: Int? = nil
    ) -> RegularExpressionError {
        RegularExpressionError(reason: reason, part: text(start..<(end ?? scalars.count)))
    }

    private mutating func alternation() throws(RegularExpressionError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure(.nestsTooDeeply, from: 0) }
        var branches = [try concatenation()]
        while take("|") { branches.append(try concatenation()) }
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private mutating func concatenation() throws(RegularExpressionError) -> RegexNode {
        var parts: [RegexNode] = []
        while let next = peek, next != "|", next != ")" {
            let start = index
            let node: RegexNode?
            if let quoted = quotedLiterals() {
                // Only the last character is repeated by what follows.
                parts += quoted.dropLast()
                node = quoted.last
            } else {
                node = try atom()
            }
            if let node {
                parts.append(try repetitions(of: node, from: start))
            } else if let operation = peek, "*+?".unicodeScalars.contains(operation), parts.isEmpty {
                throw failure(.missingRepeatArgument, from: index, to: index + 1)
            }
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .concatenation(parts)
    }

    /// The next thing that can be repeated; nil where only flags were set.
    private mutating func atom() throws(RegularExpressionError) -> RegexNode? {
        guard let scalar = peek else { return .empty }
        switch scalar {
        case "(": return try group()
        case "[": return .set(try bracketSet())
        case "\\": return try escape()
        case "*", "+", "?": throw failure(.missingRepeatArgument, from: index, to: index + 1)
        case ".":
            index += 1
            return flags.dotMatchesNewline ? .any : .anyExceptNewline
        case "^":
            index += 1
            return .assertion(flags.isMultiLine ? .beginOfLine : .beginOfText)
        case "$":
            index += 1
            return .assertion(flags.isMultiLine ? .endOfLine : .endOfText)
        case "{":
            if repeatBounds() != nil { throw failure(.missingRepeatArgument, from: index) }
            index += 1
            return literal(scalar)
        default:
            index += 1
            return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        guard flags.ignoresCase, !RegexScalar.otherCases(scalar.value).isEmpty else {
            return .literal(scalar)
        }
        return .set(
            RegexSet(
                ranges: ([scalar.value] + RegexScalar.otherCases(scalar.value)).map { $0...$0 },
                ignoresCase: true))
    }

    private mutating func group() throws(RegularExpressionError) -> RegexNode? {
        let start = index
        let outer = flags
        index += 1
        if take("?"), try !groupHead(from: start) { return nil }
        let node = try alternation()
        guard take(")") else { throw failure(.missingParenthesis, from: 0) }
        flags = outer
        return node
    }

    /// What follows `(?`: a name, or flags. False where the flags hold for the rest of the group.
    private mutating func groupHead(from start: Int) throws(RegularExpressionError) -> Bool {
        if peek == "P" || peek == "<" {
            let isPython = take("P")
            guard take("<") else {
                throw failure(.invalidPerlSyntax, from: start, to: min(start + 4, scalars.count))
            }
            if !isPython, peek == "=" || peek == "!" {
                throw failure(.invalidPerlSyntax, from: start, to: index + 1)
            }
            let nameStart = index
            while let scalar = peek, RegexScalar.isWord(scalar.value) { index += 1 }
            guard index > nameStart, take(">") else { throw failure(.invalidNamedGroup, from: start) }
            return true
        }
        var isOn = true
        var hasAny = false
        while let scalar = peek {
            index += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiLine = isOn
            case "s": flags.dotMatchesNewline = isOn
            case "U": flags.isUngreedy = isOn
            case "-" where isOn:
                isOn = false
                hasAny = false
                continue
            case ":" where isOn || hasAny: return true
            case ")" where hasAny: return false
            default: throw failure(.invalidPerlSyntax, from: start, to: index)
            }
            hasAny = true
        }
        throw failure(.missingParenthesis, from: 0)
    }

    private mutating func repetitions(of node: RegexNode, from start: Int) throws(RegularExpressionError)
        -> RegexNode
    {
        var node = node
        var before: Int?
        while let operation = peek {
            let operatorStart = index
            let bounds: (minimum: Int, maximum: Int?)
            switch operation {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{":
                guard let found = repeatBounds() else { return node }
                index = found.end - 1
                bounds = (found.minimum, found.maximum)
            default: return node
            }
            index += 1
            if bounds.minimum > Self.maximumRepeat || (bounds.maximum ?? 0) > Self.maximumRepeat
                || (bounds.maximum ?? Int.max) < bounds.minimum
            {
                throw failure(.invalidRepeatCount, from: operatorStart, to: index)
            }
            let isLazy = take("?")
            if let before { throw failure(.invalidRepeat, from: before, to: index) }
            before = operatorStart
            node = .repetition(
                node, minimum: bounds.minimum, maximum: bounds.maximum,
                isGreedy: isLazy == flags.isUngreedy)
            if Self.repeats(node) > Self.maximumRepeat {
                throw failure(.invalidRepeatCount, from: operatorStart, to: index)
            }
        }
        return node
    }

    /// How often the innermost part is copied when counted repetitions are written out.
    private static func repeats(_ node: RegexNode) -> Int {
        switch node {
        case .repetition(let inner, let minimum, let maximum, _):
            let (product, overflow) = repeats(inner).multipliedReportingOverflow(
                by: max(1, maximum ?? minimum))
            return overflow ? Int.max : product
        case .concatenation(let parts), .alternation(let parts): return parts.map(repeats).max() ?? 1
        default: return 1
        }
    }

    /// The bounds of `{2}`, `{2,}` or `{2,5}` at the current place; nil for anything else, which is text.
    private func repeatBounds() -> (minimum: Int, maximum: Int?, end: Int)? {
        var place = index + 1
        func number() -> Int? {
            let start = place
            var value = 0
            while place < scalars.count, ("0"..."9").contains(scalars[place]) {
                value = min(value * 10 + Int(scalars[place].value - 0x30), 1_000_000)
                place += 1
            }
            return place > start && !(place - start > 1 && scalars[start] == "0") ? value : nil
        }
        guard let minimum = number(), place < scalars.count else { return nil }
        var maximum: Int? = minimum
        if scalars[place] == "," {
            place += 1
            guard place < scalars.count else { return nil }
            maximum = nil
            if scalars[place] != "}" {
                guard let upper = number() else { return nil }
                maximum = upper
            }
        }
        guard place < scalars.count, scalars[place] == "}" else { return nil }
        return (minimum, maximum, place + 1)
    }
}
