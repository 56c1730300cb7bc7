/// Conditions on fields, all of which must hold: `metadata.name=web,spec.nodeName!=pi`.
public struct FieldSelector: Sendable, Hashable {
    public struct Term: Sendable, Hashable {
        public let field: String
        public let value: String
        public let isNegated: Bool

        public init(_ field: String, _ value: String, isNegated: Bool = false) {
            self.field = field
            self.value = value
            self.isNegated = isNegated
        }
    }

    public let terms: [Term]

    public init(_ terms: [Term]) { self.terms = terms }

    public static let everything = FieldSelector([])

    public var matchesEverything: Bool { terms.isEmpty }

    /// The value that the field must have, if the selector says so: for `metadata.name` this turns a list
    /// into a look-up.
    public func requiredValue(of field: String) -> String? {
        terms.first { $0.field == field && !$0.isNegated }?.value
    }

    /// Whether the terms hold for what `value` gives for each field; a missing field counts as empty.
    public func matches(_ value: (String) -> String) -> Bool {
        for term in terms where (value(term.field) == term.value) == term.isNegated { return false }
        return true
    }
}

extension FieldSelector {
    /// Parses the text of a `fieldSelector` parameter; `\` escapes `,`, `=` and itself in values.
    public init(parsing text: String) throws(SelectorError) {
        var terms: [Term] = []
        for part in Self.split(text).sorted() where !part.isEmpty {
            guard let (field, isNegated, value) = Self.splitTerm(part) else {
                throw SelectorError("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            terms.append(Term(field, try Self.unescape(value), isNegated: isNegated))
        }
        self.init(terms)
    }

    private static func split(_ text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var isEscaped = false
        for character in text.unicodeScalars {
            if character == ",", !isEscaped {
                parts.append(part)
                part = ""
            } else {
                part.unicodeScalars.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts + [part]
    }

    private static func splitTerm(_ term: String) -> (field: String, isNegated: Bool, value: String)? {
        for index in term.indices {
            let rest = term[index...]
            for (symbol, isNegated) in [("!=", true), ("==", false), ("=", false)]
            where rest.hasPrefix(symbol) {
                return (String(term[..<index]), isNegated, String(rest.dropFirst(symbol.count)))
            }
        }
        return nil
    }

    private static func unescape(_ text: String) throws(SelectorError) -> String {
        var value = ""
        var isEscaped = false
        for character in text.unicodeScalars {
            if isEscaped {
                guard character == "\\" || character == "," || character == "=" else {
                    throw SelectorError("invalid field selector: invalid escape sequence: \\\(character)")
                }
                value.unicodeScalars.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "=" {
                throw SelectorError("invalid field selector: unescaped character in value: 61")
            } else {
                value.unicodeScalars.append(character)
            }
        }
        guard !isEscaped else {
            throw SelectorError("invalid field selector: invalid escape sequence: \\")
        }
        return value
    }
}

extension FieldSelector: CustomStringConvertible {
    public var description: String {
        terms.map { term in
            var value = ""
            for character in term.value.unicodeScalars {
                if character == "\\" || character == "," || character == "=" { value += "\\" }
                value.unicodeScalars.append(character)
            }
            return term.field + (term.isNegated ? "!=" : "=") + value
        }
        .joined(separator: ",")
    }
}
