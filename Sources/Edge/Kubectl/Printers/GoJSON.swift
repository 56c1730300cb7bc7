internal import EdgeJSON

/// JSON as Go's encoder writes it: keys in order, `<`, `>` and `&` escaped, indented where a human reads it.
enum GoJSON {
    /// Indented by four spaces, with a newline at the end.
    ///
    /// - Parameter keepsOrder: leaves the keys as they are, as Go prints its own types.
    static func indented(_ value: JSONValue, keepsOrder: Bool = false) -> String {
        var output: [UInt8] = []
        append(value, depth: 0, indent: 4, keepsOrder: keepsOrder, to: &output)
        output.append(UInt8(ascii: "\n"))
        return String(decoding: output, as: UTF8.self)
    }

    /// Indented by two spaces, with a newline at the end.
    static func indented2(_ value: JSONValue) -> String {
        var output: [UInt8] = []
        append(value, depth: 0, indent: 2, to: &output)
        output.append(UInt8(ascii: "\n"))
        return String(decoding: output, as: UTF8.self)
    }

    static func compact(_ value: JSONValue) -> String {
        var output: [UInt8] = []
        append(value, depth: 0, indent: nil, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(
        _ value: JSONValue, depth: Int, indent: Int?, keepsOrder: Bool = false, to output: inout [UInt8]
    ) {
        func newLine(_ depth: Int) {
            guard let indent else { return }
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * indent))
        }
        switch value {
        case .string(let text): append(text, to: &output)
        case .array(let elements):
            guard !elements.isEmpty else { return output.append(contentsOf: "[]".utf8) }
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                newLine(depth + 1)
                append(element, depth: depth + 1, indent: indent, keepsOrder: keepsOrder, to: &output)
            }
            newLine(depth)
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            guard !object.isEmpty else { return output.append(contentsOf: "{}".utf8) }
            output.append(UInt8(ascii: "{"))
            let members = keepsOrder ? object.members : object.sortedMembers
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                newLine(depth + 1)
                append(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                if indent != nil { output.append(UInt8(ascii: " ")) }
                append(member.value, depth: depth + 1, indent: indent, keepsOrder: keepsOrder, to: &output)
            }
            newLine(depth)
            output.append(UInt8(ascii: "}"))
        default: JSONWriter.append(value, to: &output)
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        let hasMarks = text.utf8.contains { $0 == 0x3c || $0 == 0x3e || $0 == 0x26 || $0 == 0xe2 }
        guard hasMarks else { return JSONWriter.append(text, to: &output) }
        var quoted: [UInt8] = []
        JSONWriter.append(text, to: &quoted)
        for scalar in String(decoding: quoted, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "<": output.append(contentsOf: "\\u003c".utf8)
            case ">": output.append(contentsOf: "\\u003e".utf8)
            case "&": output.append(contentsOf: "\\u0026".utf8)
            case "\u{2028}": output.append(contentsOf: "\\u2028".utf8)
            case "\u{2029}": output.append(contentsOf: "\\u2029".utf8)
            default: output.append(contentsOf: String(scalar).utf8)
            }
        }
    }
}

extension JSONObject {
    /// The members in the order of their keys' bytes.
    var sortedMembers: [Member] {
        members.sorted { left, right in left.key.utf8.lexicographicallyPrecedes(right.key.utf8) }
    }
}

extension JSONValue {
    /// The value with every object's members in the order of their keys.
    var sortedByKeys: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sortedByKeys))
        case .object(let object):
            .object(
                JSONObject(
                    uniqueMembers: object.sortedMembers.map { .init($0.key, $0.value.sortedByKeys) }))
        default: self
        }
    }

    /// The text of a scalar as Go prints it with `%v`; JSON for other values.
    var plainText: String {
        switch self {
        case .string(let text): text
        case .null: "<nil>"
        case .array, .object: GoJSON.compact(self)
        default: String(decoding: encoded, as: UTF8.self)
        }
    }

    /// The value at the end of a path of keys.
    func at(_ path: String...) -> JSONValue? {
        var value: JSONValue? = self
        for key in path { value = value?[key] }
        return value
    }
}
