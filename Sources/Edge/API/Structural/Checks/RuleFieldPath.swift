public import EdgeJSON

/// The `fieldPath` of a validation rule: a JSON path of names alone (`.spec.replicas`, `.data['a.b']`) that
/// leads to a field of the schema.
public struct RuleFieldPath: Sendable, Equatable, CustomStringConvertible {
    /// As field errors show it, without a dot in front.
    public let description: String

    /// Nil for what is no such path in the schema.
    public init?(_ text: String, in schema: JSONObject) {
        var rest = Substring(text)
        var node = schema
        var path = ""
        while let first = rest.popFirst() {
            let name: String?
            switch first {
            case ".": name = Self.word(&rest)
            case "[": name = Self.quoted(&rest)
            default: return nil
            }
            guard let name else { return nil }
            if let properties = node["properties"]?.object, !properties.isEmpty {
                guard let next = properties[name]?.object else { return nil }
                path += path.isEmpty ? name : ".\(name)"
                node = next
            } else {
                guard let next = node["additionalProperties"]?.object else { return nil }
                path += "[\(name)]"
                node = next
            }
        }
        description = path
    }

    private static func word(_ rest: inout Substring) -> String? {
        let word = rest.prefix { $0 != "." && $0 != "[" && $0 != "]" }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(word)
    }

    /// `'name']`
    private static func quoted(_ rest: inout Substring) -> String? {
        guard rest.popFirst() == "'" else { return nil }
        var name = ""
        while let next = rest.popFirst() {
            switch next {
            case "'": return rest.popFirst() == "]" ? name : nil
            case "\\":
                guard let escaped = rest.popFirst(), let character = escapes[escaped] else { return nil }
                name.append(character)
            default: name.append(next)
            }
        }
        return nil
    }

    private static let escapes: [Character: Character] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}", "'": "'",
        "\\": "\\",
    ]
}
