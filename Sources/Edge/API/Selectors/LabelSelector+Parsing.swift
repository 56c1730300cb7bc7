extension LabelSelector {
    /// Parses the text of a `labelSelector` parameter: `app=web,tier!=db,env in (a,b),!legacy,gpu`.
    /// The empty text selects everything.
    public init(parsing text: String) throws(SelectorError) {
        var parser = LabelSelectorParser(tokens: LabelSelectorLexer.tokens(of: text))
        self.init(try parser.requirements())
    }
}

private struct LabelSelectorParser {
    typealias Token = LabelSelectorLexer.Token
    typealias Requirement = LabelSelector.Requirement

    private let tokens: [Token]
    private var index = 0

    init(tokens: [Token]) { self.tokens = tokens }

    private var current: Token { tokens[min(index, tokens.count - 1)] }

    private mutating func take() -> Token {
        defer { index += 1 }
        return current
    }

    mutating func requirements() throws(SelectorError) -> [Requirement] {
        var list: [Requirement] = []
        while true {
            switch current {
            case .end: return list
            case .not, .identifier, .in, .notIn:
                do throws(SelectorError) {
                    list.append(try requirement())
                } catch {
                    throw SelectorError("unable to parse requirement: \(error.message)")
                }
                switch take() {
                case .end: return list
                case .comma:
                    guard current.value != nil || current == .not else {
                        throw SelectorError("found '\(current.literal)', expected: identifier after ','")
                    }
                case let other:
                    throw SelectorError("found '\(other.literal)', expected: ',' or 'end of string'")
                }
            default:
                throw SelectorError(
                    "found '\(current.literal)', expected: !, identifier, or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(SelectorError) -> Requirement {
        var token = take()
        let isNegated = token == .not
        if isNegated { token = take() }
        guard let key = token.value else {
            throw SelectorError("found '\(token.literal)', expected: identifier")
        }
        try check(Names.labelKey(key), "<nil>", key)
        if isNegated, current == .end || current == .comma {
            return Requirement(key: key, operator: .doesNotExist)
        }
        if current == .end || current == .comma { return Requirement(key: key, operator: .exists) }
        let (kind, values) = try operation()
        for (index, value) in values.enumerated() {
            try check(Names.labelValue(value), "values[\(index)][\(key)]", value)
            if kind == .greaterThan || kind == .lessThan, Int64(value) == nil {
                throw SelectorError(
                    "values[\(index)]: Invalid value: \(value.goQuoted): "
                        + "for 'Gt', 'Lt' operators, the value must be an integer")
            }
        }
        return Requirement(key: key, operator: kind, values: values)
    }

    private func check(_ messages: [String], _ field: String, _ value: String) throws(SelectorError) {
        guard !messages.isEmpty else { return }
        throw SelectorError(
            "\(field): Invalid value: \(value.goQuoted): \(messages.joined(separator: "; "))")
    }

    private mutating func operation() throws(SelectorError) -> (LabelSelector.Operator, [String]) {
        switch take() {
        case .in: return (.in, try valueSet())
        case .notIn: return (.notIn, try valueSet())
        case .equals: return (.equals, try exactValue())
        case .doubleEquals: return (.doubleEquals, try exactValue())
        case .notEquals: return (.notEquals, try exactValue())
        case .greaterThan: return (.greaterThan, try exactValue())
        case .lessThan: return (.lessThan, try exactValue())
        case let other:
            throw SelectorError("found '\(other.literal)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private mutating func exactValue() throws(SelectorError) -> [String] {
        if current == .end || current == .comma { return [""] }
        let token = take()
        guard let value = token.value else {
            throw SelectorError("found '\(token.literal)', expected: identifier")
        }
        return [value]
    }

    /// `(a,b)`; empty places stand for the empty value.
    private mutating func valueSet() throws(SelectorError) -> [String] {
        let open = take()
        guard open == .open else { throw SelectorError("found '\(open.literal)' expected: '('") }
        var values: Set<String> = []
        var expectsValue = true
        while true {
            let token = take()
            switch token {
            case .close:
                if expectsValue { values.insert("") }
                return values.sorted()
            case .comma:
                if expectsValue { values.insert("") }
                expectsValue = true
            default:
                guard let value = token.value else {
                    throw SelectorError("found '\(token.literal)', expected: ',', ')' or identifier")
                }
                guard expectsValue else {
                    throw SelectorError("found '\(token.literal)', expected: ',' or ')'")
                }
                values.insert(value)
                expectsValue = false
            }
        }
    }
}
