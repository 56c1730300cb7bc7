/// The place in an array that a token of a pointer names; -1 is the last one.
func elementIndex(_ token: String, count: Int, upTo limit: Int) -> Int? {
    guard let number = Int(token), token.utf8.first != UInt8(ascii: "+") else { return nil }
    let index = number < 0 ? number + limit + 1 : number
    return (0...max(limit, 0)).contains(index) && index <= limit ? index : nil
}

extension JSONValue {
    var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    /// How deeply arrays and objects nest; 0 for a scalar.
    var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .object(let object): 1 + (object.members.lazy.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }

    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    func value(at tokens: some Sequence<String>) -> JSONValue? {
        var value = self
        for token in tokens {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let elements):
                guard let index = elementIndex(token, count: elements.count, upTo: elements.count - 1) else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// Changes the value at an existing path in place, without copying what lies beside it.
    mutating func change(
        _ tokens: ArraySlice<String>, _ body: (inout JSONValue) throws(JSONPatchError) -> Void
    ) throws(JSONPatchError) {
        guard let token = tokens.first else { return try body(&self) }
        let old = self
        self = .null
        switch old {
        case .object(var object):
            defer { self = .object(object) }
            guard var child = object[token] else { return }
            object[token] = .null
            defer { object[token] = child }
            try child.change(tokens.dropFirst(), body)
        case .array(var elements):
            defer { self = .array(elements) }
            guard let index = elementIndex(token, count: elements.count, upTo: elements.count - 1) else {
                return
            }
            var child = elements[index]
            elements[index] = .null
            defer { elements[index] = child }
            try child.change(tokens.dropFirst(), body)
        default: self = old
        }
    }
}
