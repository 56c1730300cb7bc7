internal import EdgeJSON

/// One step of a path into an object, in the text of `FieldsV1`: `f:<name>` a member, `k:<json object>` the
/// list element with these keys, `v:<json value>` an element of a set, `i:<number>` an index.
enum PathElement {
    static func member(_ name: String) -> String { "f:" + name }

    static func element(_ value: JSONValue) -> String { "v:\(value)" }

    /// The element of a keyed list; keys that are absent and have no default are left out, and nil is given
    /// when nothing remains.
    static func element(_ object: JSONObject, keys: [String]) -> String? {
        var members: [JSONObject.Member] = []
        for key in keys {
            if let value = keyValue(key, of: object) { members.append(.init(key, value)) }
        }
        guard !members.isEmpty else { return nil }
        if members.count > 1 { members.sort { $0.key < $1.key } }
        return "k:\(JSONValue.object(JSONObject(uniqueMembers: members)))"
    }

    /// The value of a key of a list element. `protocol` is the one key with a default in the API.
    static func keyValue(_ key: String, of object: JSONObject) -> JSONValue? {
        switch object[key] {
        case nil, .null: key == "protocol" ? "TCP" : JSONValue?.none
        case let value?: value
        }
    }

    /// As messages show it: `.spec`, `[name="web"]`, `[="x"]`.
    static func description(_ element: String) -> String {
        let text = String(element.dropFirst(2))
        switch element.utf8.first {
        case UInt8(ascii: "k"):
            guard let object = try? JSONValue(parsing: text).object else { return "[\(text)]" }
            return "[\(object.members.map { "\($0.key)=\($0.value)" }.joined(separator: ","))]"
        case UInt8(ascii: "v"): return "[=\(text)]"
        case UInt8(ascii: "i"): return "[\(text)]"
        default: return "." + text
        }
    }

    // MARK: Order

    /// Members come first, then keys, values and indices; numbers are ordered as numbers.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let ranks = (rank(left), rank(right))
        guard ranks.0 == ranks.1 else { return ranks.0 < ranks.1 }
        guard ranks.0 > 0 else { return left < right }
        return textPrecedes(Array(left.utf8), Array(right.utf8))
    }

    private static func rank(_ element: String) -> Int {
        switch element.utf8.first {
        case UInt8(ascii: "f"): 0
        case UInt8(ascii: "k"): 1
        case UInt8(ascii: "v"): 2
        default: 3
        }
    }

    private static func textPrecedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        var index = 0
        while index < left.count, index < right.count, left[index] == right[index] { index += 1 }
        guard index < left.count, index < right.count else { return left.count < right.count }
        if isInNumber(left, index) {
            let lengths = (digits(left, index), digits(right, index))
            if lengths.0 != lengths.1 { return lengths.0 < lengths.1 }
        }
        return left[index] < right[index]
    }

    /// Whether the place follows a colon and nothing but digits.
    private static func isInNumber(_ text: [UInt8], _ index: Int) -> Bool {
        var place = index
        while place > 0, isDigit(text[place - 1]) { place -= 1 }
        return place > 0 && text[place - 1] == UInt8(ascii: ":") && (place < index || isDigit(text[place]))
    }

    private static func digits(_ text: [UInt8], _ index: Int) -> Int {
        var end = index
        while end < text.count, isDigit(text[end]) { end += 1 }
        return end - index
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
