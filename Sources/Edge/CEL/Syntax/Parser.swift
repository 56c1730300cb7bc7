/// Parses CEL's grammar (cel-spec langdef, "Syntax") by recursive descent and expands macros on the way.
/// It stops at the first syntax error.
struct Parser {
    /// An error was reported: go back to the caller.
    struct Failure: Error {}

    static let maximumDepth = 250
    static let maximumSize = 100_000

    private var tokens: [Token]
    private var index = 0
    private var depth = 0
    private let source: SourceText
    let issues: IssueLog
    private let macros: [MacroKey: Macro]

    init(_ source: SourceText, macros: [MacroKey: Macro], issues: IssueLog) {
        self.source = source
        self.macros = macros
        self.issues = issues
        tokens = []
    }

    mutating func parse() -> Expression? {
        guard source.scalars.count <= Self.maximumSize else {
            issues.report(
                "expression code point size exceeds limit: size: \(source.scalars.count), limit \(Self.maximumSize)",
                at: -1)
            return nil
        }
        var lexer = Lexer(source, issues)
        tokens = lexer.tokens()
        do throws(Failure) {
            let root = try expression()
            guard peek.kind == .end else { throw unexpected("<EOF>", isExtraneous: true) }
            return root
        } catch { return nil }
    }

    // MARK: tokens

    private var peek: Token { tokens[index] }

    private mutating func take() -> Token {
        defer { if index < tokens.count - 1 { index += 1 } }
        return tokens[index]
    }

    private mutating func take(_ symbol: String) -> Token? { peek.isSymbol(symbol) ? take() : nil }

    private mutating func expect(_ symbol: String) throws(Failure) -> Token {
        guard let token = take(symbol) else { throw unexpected("'\(symbol)'") }
        return token
    }

    private static let expressionStarts =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

    private func text(_ token: Token) -> String { token.kind == .end ? "<EOF>" : source.text(token.range) }

    private func unexpected(_ wanted: String, isExtraneous: Bool = false) -> Failure {
        let kind = isExtraneous && peek.kind != .end ? "extraneous" : "mismatched"
        issues.report(
            "Syntax error: \(kind) input '\(text(peek))' expecting \(wanted)", at: peek.range.lowerBound)
        return Failure()
    }

    func fail(_ message: String, at offset: Int) -> Failure {
        issues.report(message, at: offset)
        return Failure()
    }

    /// Counts one level of nesting; a chain of operators nests as deep as it is long.
    private mutating func descend(_ levels: Int = 1) throws(Failure) {
        depth += levels
        guard depth <= Self.maximumDepth else {
            throw fail("expression recursion limit exceeded: \(Self.maximumDepth)", at: -1)
        }
    }

    // MARK: operators

    private mutating func expression() throws(Failure) -> Expression {
        let entry = depth
        try descend()
        defer { depth = entry }
        let condition = try logical("||", "_||_") { (parser: inout Self) throws(Failure) in
            try parser.logical("&&", "_&&_") { (parser: inout Self) throws(Failure) in try parser.binary(0) }
        }
        guard let question = take("?") else { return condition }
        let yes = try logical("||", "_||_") { (parser: inout Self) throws(Failure) in
            try parser.logical("&&", "_&&_") { (parser: inout Self) throws(Failure) in try parser.binary(0) }
        }
        _ = try expect(":")
        let no = try expression()
        return call("_?_:_", [condition, yes, no], at: question.range.lowerBound)
    }

    /// Terms between `&&` or `||`, as a balanced tree so that long chains stay flat.
    private mutating func logical(
        _ symbol: String, _ name: String, _ operand: (inout Self) throws(Failure) -> Expression
    ) throws(Failure) -> Expression {
        var terms = [try operand(&self)]
        var offsets: [Int] = []
        while let token = take(symbol) {
            offsets.append(token.range.lowerBound)
            terms.append(try operand(&self))
        }
        return balanced(name, terms, offsets, 0, terms.count - 1)
    }

    private func balanced(_ name: String, _ terms: [Expression], _ offsets: [Int], _ low: Int, _ high: Int)
        -> Expression
    {
        if low == high { return terms[low] }
        let middle = (low + high - 1) / 2
        return call(
            name,
            [balanced(name, terms, offsets, low, middle), balanced(name, terms, offsets, middle + 1, high)],
            at: offsets[middle])
    }

    private static let levels: [[String: String]] = [
        [
            "==": "_==_", "!=": "_!=_", "<": "_<_", "<=": "_<=_", ">": "_>_", ">=": "_>=_", "in": "@in",
        ],
        ["+": "_+_", "-": "_-_"],
        ["*": "_*_", "/": "_/_", "%": "_%_"],
    ]

    private mutating func binary(_ level: Int) throws(Failure) -> Expression {
        guard level < Self.levels.count else { return try unary() }
        let entry = depth
        defer { depth = entry }
        var left = try binary(level + 1)
        while let name = operatorName(level) {
            try descend()
            let offset = take().range.lowerBound
            left = call(name, [left, try binary(level + 1)], at: offset)
        }
        return left
    }

    private func operatorName(_ level: Int) -> String? {
        switch peek.kind {
        case .symbol(let text), .keyword(let text): Self.levels[level][text]
        default: nil
        }
    }

    private mutating func unary() throws(Failure) -> Expression {
        for (symbol, name) in [("!", "!_"), ("-", "-_")] where peek.isSymbol(symbol) {
            let offset = peek.range.lowerBound
            var count = 0
            while take(symbol) != nil { count += 1 }
            if symbol == "-", count % 2 == 1, let literal = try negativeLiteral(at: offset) {
                return try member(of: literal)
            }
            let operand = try member(of: primary())
            return count % 2 == 0 ? operand : call(name, [operand], at: offset)
        }
        return try member(of: primary())
    }

    private func call(_ name: String, _ arguments: [Expression], at offset: Int) -> Expression {
        Expression(.call(name, target: nil, arguments: arguments), at: offset)
    }

    // MARK: members

    private mutating func member(of start: Expression) throws(Failure) -> Expression {
        let entry = depth
        defer { depth = entry }
        var operand = start
        while true {
            if let dot = take(".") {
                try descend()
                operand = try field(of: operand, dot)
            } else if let bracket = take("[") {
                try descend()
                let isOptional = take("?") != nil
                let place = try expression()
                _ = try expect("]")
                operand = call(isOptional ? "_[?_]" : "_[_]", [operand, place], at: bracket.range.lowerBound)
            } else {
                return operand
            }
        }
    }

    private mutating func field(of operand: Expression, _ dot: Token) throws(Failure) -> Expression {
        let isOptional = take("?") != nil
        let name = try fieldName()
        if isOptional {
            let literal = Expression(.literal(.string(name.text)), at: name.offset)
            return call("_?._", [operand, literal], at: dot.range.lowerBound)
        }
        if !name.isEscaped, let open = take("(") {
            let arguments = try expressions(until: ")")
            return try callOrMacro(name.text, target: operand, arguments, at: open.range.lowerBound)
        }
        return Expression(.select(operand, field: name.text, isTest: false), at: dot.range.lowerBound)
    }

    private mutating func fieldName() throws(Failure) -> (text: String, isEscaped: Bool, offset: Int) {
        let offset = peek.range.lowerBound
        switch peek.kind {
        case .identifier(let name):
            _ = take()
            return (name, false, offset)
        case .escapedIdentifier(let name):
            _ = take()
            return (name, true, offset)
        default: throw unexpected("IDENTIFIER")
        }
    }

    /// Expressions between commas up to a closing symbol, which is taken.
    private mutating func expressions(until close: String) throws(Failure) -> [Expression] {
        var found: [Expression] = []
        if take(close) != nil { return found }
        repeat { found.append(try expression()) } while take(",") != nil
        _ = try expect(close)
        return found
    }

    private mutating func callOrMacro(
        _ name: String, target: Expression?, _ arguments: [Expression], at offset: Int
    ) throws(Failure) -> Expression {
        let key = MacroKey(name: name, isMember: target != nil, count: arguments.count)
        if let macro = macros[key] {
            let expander = MacroContext(target: target, arguments: arguments, offset: offset)
            do throws(MacroError) {
                if let expanded = try macro(expander) { return expanded }
            } catch { throw fail(error.message, at: error.offset) }
        }
        return Expression(.call(name, target: target, arguments: arguments), at: offset)
    }

    // MARK: primaries

    private mutating func primary() throws(Failure) -> Expression {
        let token = peek
        let offset = token.range.lowerBound
        switch token.kind {
        case .symbol("("):
            _ = take()
            let inner = try expression()
            _ = try expect(")")
            return inner
        case .symbol("["):
            _ = take()
            return try list(at: offset)
        case .symbol("{"):
            _ = take()
            return try map(at: offset)
        case .symbol("."):
            _ = take()
            return try name(prefix: ".")
        case .identifier: return try name(prefix: "")
        default:
            guard let value = try literal() else { throw unexpected(Self.expressionStarts) }
            return Expression(.literal(value), at: offset)
        }
    }

    /// An identifier, a call, or the object literal whose type's name begins here.
    private mutating func name(prefix: String) throws(Failure) -> Expression {
        let token = peek
        guard case .identifier(let name) = token.kind else { throw unexpected("IDENTIFIER") }
        if let type = objectTypeName() { return try object(prefix + type) }
        _ = take()
        if CELFieldName.keywords.contains(name) {
            throw fail("reserved identifier: \(name)", at: token.range.lowerBound)
        }
        if let open = take("(") {
            let arguments = try expressions(until: ")")
            return try callOrMacro(prefix + name, target: nil, arguments, at: open.range.lowerBound)
        }
        return Expression(.identifier(prefix + name), at: token.range.lowerBound)
    }

    /// The name `a.b.C` where a brace follows it.
    private func objectTypeName() -> String? {
        var place = index
        var name = ""
        while case .identifier(let part) = tokens[place].kind {
            name += part
            guard place + 1 < tokens.count else { return nil }
            if tokens[place + 1].isSymbol("{") { return name }
            guard tokens[place + 1].isSymbol("."), place + 2 < tokens.count else { return nil }
            name += "."
            place += 2
        }
        return nil
    }

    private mutating func object(_ name: String) throws(Failure) -> Expression {
        while !peek.isSymbol("{") { _ = take() }
        let offset = take().range.lowerBound
        var fields: [Expression.Field] = []
        while take("}") == nil {
            let isOptional = take("?") != nil
            let field = try fieldName()
            let colon = try expect(":")
            fields.append(
                Expression.Field(
                    name: field.text, value: try expression(), isOptional: isOptional,
                    offset: colon.range.lowerBound))
            if take(",") == nil {
                _ = try expect("}")
                break
            }
        }
        return Expression(.object(name, fields), at: offset)
    }

    private mutating func list(at offset: Int) throws(Failure) -> Expression {
        var elements: [Expression] = []
        var optional: Set<Int> = []
        while take("]") == nil {
            if take("?") != nil { optional.insert(elements.count) }
            elements.append(try expression())
            if take(",") == nil {
                _ = try expect("]")
                break
            }
        }
        return Expression(.list(elements, optional: optional), at: offset)
    }

    private mutating func map(at offset: Int) throws(Failure) -> Expression {
        var entries: [Expression.Entry] = []
        while take("}") == nil {
            let isOptional = take("?") != nil
            let key = try expression()
            _ = try expect(":")
            entries.append(Expression.Entry(key: key, value: try expression(), isOptional: isOptional))
            if take(",") == nil {
                _ = try expect("}")
                break
            }
        }
        return Expression(.map(entries), at: offset)
    }

    // MARK: literals

    /// A number behind a minus sign: one literal, so that the least int can be written.
    private mutating func negativeLiteral(at offset: Int) throws(Failure) -> Expression? {
        switch peek.kind {
        case .int(let text):
            guard let value = Self.int("-", text) else { throw fail("invalid int literal", at: offset) }
            _ = take()
            return Expression(.literal(.int(value)), at: offset)
        case .double(let text):
            _ = take()
            return Expression(.literal(.double(-(try double(text, at: offset)))), at: offset)
        default: return nil
        }
    }

    private mutating func literal() throws(Failure) -> CELValue? {
        let offset = peek.range.lowerBound
        let value: CELValue
        switch peek.kind {
        case .int(let text):
            guard let number = Self.int("", text) else { throw fail("invalid int literal", at: offset) }
            value = .int(number)
        case .uint(let text):
            let number = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
            guard let number else { throw fail("invalid uint literal", at: offset) }
            value = .uint(number)
        case .double(let text): value = .double(try double(text, at: offset))
        case .string(let text): value = .string(text)
        case .bytes(let bytes): value = .bytes(bytes)
        case .keyword("true"): value = .bool(true)
        case .keyword("false"): value = .bool(false)
        case .keyword("null"): value = .null
        default: return nil
        }
        _ = take()
        return value
    }

    private static func int(_ sign: String, _ text: String) -> Int64? {
        text.hasPrefix("0x") ? Int64(sign + text.dropFirst(2), radix: 16) : Int64(sign + text)
    }

    private func double(_ text: String, at offset: Int) throws(Failure) -> Double {
        guard let value = Double(text), value.isFinite else {
            throw fail("invalid double literal", at: offset)
        }
        return value
    }
}
