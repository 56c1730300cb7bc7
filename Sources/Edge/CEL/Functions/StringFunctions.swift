/// cel-go's string extension, version 2. Indexes count code points.
enum StringFunctions {
    static func declare(in table: inout FunctionTable) {
        declareSearch(in: &table)
        declareParts(in: &table)
        for (name, id, low, high, mask) in [
            ("lowerAscii", "string_lower_ascii", UInt8(0x41), UInt8(0x5a), UInt8(0x20)),
            ("upperAscii", "string_upper_ascii", 0x61, 0x7a, 0x20),
        ] {
            table.member(name, id, [.string], .string) { values throws(CELEvaluationError) in
                .string(
                    String(
                        decoding: values[0].asText.utf8.map { $0 >= low && $0 <= high ? $0 ^ mask : $0 },
                        as: UTF8.self))
            }
        }
        table.member("trim", "string_trim", [.string], .string) { values throws(CELEvaluationError) in
            let scalars = values[0].asText.unicodeScalars
            let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
            guard let first = scalars.firstIndex(where: { !isSpace($0) }),
                let last = scalars.lastIndex(where: { !isSpace($0) })
            else { return .string("") }
            return .string(String(scalars[first...last]))
        }
        table.global("strings.quote", "strings_quote", [.string], .string) {
            values throws(CELEvaluationError) in
            .string(quoted(values[0].asText))
        }
        table.member("format", "string_format", [.string, .list(.dyn)], .string) {
            values throws(CELEvaluationError) in
            .string(try StringFormat.format(values[0].asText, values[1].asList))
        }
        table.member("join", "list_join", [.list(.string)], .string) { values throws(CELEvaluationError) in
            .string(try joined(values[0].asList, ""))
        }
        table.member("join", "list_join_string", [.list(.string), .string], .string) {
            values throws(CELEvaluationError) in
            .string(try joined(values[0].asList, values[1].asText))
        }
    }

    private static func outOfRange(_ index: Int64) -> CELEvaluationError {
        CELEvaluationError("index out of range: \(index)")
    }

    private static func scalars(_ value: CELValue) -> [Unicode.Scalar] { Array(value.asText.unicodeScalars) }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func declareSearch(in table: inout FunctionTable) {
        table.member("indexOf", "string_index_of_string", [.string, .string], .int) {
            values throws(CELEvaluationError) in
            .int(try index(of: scalars(values[1]), in: scalars(values[0]), from: 0))
        }
        table.member("indexOf", "string_index_of_string_int", [.string, .string, .int], .int) {
            values throws(CELEvaluationError) in
            .int(try index(of: scalars(values[1]), in: scalars(values[0]), from: values[2].asInt))
        }
        table.member("lastIndexOf", "string_last_index_of_string", [.string, .string], .int) {
            values throws(CELEvaluationError) in
            let text = scalars(values[0])
            let part = scalars(values[1])
            if part.isEmpty { return .int(Int64(text.count)) }
            if text.count < part.count { return .int(-1) }
            return .int(try lastIndex(of: part, in: text, from: Int64(text.count - 1)))
        }
        table.member("lastIndexOf", "string_last_index_of_string_int", [.string, .string, .int], .int) {
            values throws(CELEvaluationError) in
            .int(try lastIndex(of: scalars(values[1]), in: scalars(values[0]), from: values[2].asInt))
        }
    }

    private static func index(
        of part: [Unicode.Scalar], in text: [Unicode.Scalar], from offset: Int64
    ) throws(CELEvaluationError) -> Int64 {
        guard offset >= 0 else { throw outOfRange(offset) }
        if part.isEmpty { return min(offset, Int64(text.count)) }
        guard offset < text.count else { return -1 }
        return TextFunctions.find(part, in: text, from: Int(offset)).map(Int64.init) ?? -1
    }

    private static func lastIndex(
        of part: [Unicode.Scalar], in text: [Unicode.Scalar], from offset: Int64
    ) throws(CELEvaluationError) -> Int64 {
        guard offset >= 0 else { throw outOfRange(offset) }
        if part.isEmpty { return min(offset, Int64(text.count)) }
        guard offset < text.count, part.count <= text.count else { return -1 }
        // The last match that begins at the offset or before is the first one of the reversed texts.
        let end = min(Int(offset) + part.count, text.count)
        let reversed = Array(text[..<end].reversed())
        guard let place = TextFunctions.find(Array(part.reversed()), in: reversed) else { return -1 }
        return Int64(end - place - part.count)
    }

    private static func declareParts(in table: inout FunctionTable) {
        table.member("charAt", "string_char_at_int", [.string, .int], .string) {
            values throws(CELEvaluationError) in
            let text = scalars(values[0])
            let index = values[1].asInt
            guard index >= 0, index <= text.count else { throw outOfRange(index) }
            return .string(index == text.count ? "" : String(text[Int(index)]))
        }
        table.member("substring", "string_substring_int", [.string, .int], .string) {
            values throws(CELEvaluationError) in
            let text = scalars(values[0])
            let start = values[1].asInt
            guard start >= 0, start <= text.count else { throw outOfRange(start) }
            return .string(self.text(text[Int(start)...]))
        }
        table.member("substring", "string_substring_int_int", [.string, .int, .int], .string) {
            values throws(CELEvaluationError) in
            let text = scalars(values[0])
            let (start, end) = (values[1].asInt, values[2].asInt)
            guard start <= end else {
                throw CELEvaluationError("invalid substring range. start: \(start), end: \(end)")
            }
            guard start >= 0, start <= text.count else { throw outOfRange(start) }
            guard end <= text.count else { throw outOfRange(end) }
            return .string(self.text(text[Int(start)..<Int(end)]))
        }
        let three: [CELType] = [.string, .string, .string]
        table.member("replace", "string_replace_string_string", three, .string) {
            values throws(CELEvaluationError) in
            .string(replaced(values, limit: -1))
        }
        table.member("replace", "string_replace_string_string_int", three + [.int], .string) {
            values throws(CELEvaluationError) in
            .string(replaced(values, limit: Int(clamping: values[3].asInt)))
        }
        table.member("split", "string_split_string", [.string, .string], .list(.string)) {
            values throws(CELEvaluationError) in
            .texts(split(values[0].asText, values[1].asText, limit: -1))
        }
        table.member("split", "string_split_string_int", [.string, .string, .int], .list(.string)) {
            values throws(CELEvaluationError) in
            .texts(split(values[0].asText, values[1].asText, limit: Int(clamping: values[2].asInt)))
        }
    }

    private static func replaced(_ values: [CELValue], limit: Int) -> String {
        let text = values[0].asText
        let (old, new) = (values[1].asText, values[2].asText)
        if old.isEmpty {
            // Go puts the new text in front of every character and behind the last.
            var output = ""
            var count = 0
            for scalar in text.unicodeScalars {
                if limit < 0 || count < limit { output += new }
                count += 1
                output.unicodeScalars.append(scalar)
            }
            return limit < 0 || count < limit ? output + new : output
        }
        return split(text, old, limit: limit < 0 ? -1 : limit &+ 1).joined(separator: new)
    }

    /// As Go's `SplitN`: 0 gives nothing, a negative limit everything.
    private static func split(_ text: String, _ separator: String, limit: Int) -> [String] {
        if limit == 0 { return [] }
        if separator.isEmpty {
            let scalars = Array(text.unicodeScalars)
            guard limit > 0, limit < scalars.count else { return scalars.map { String($0) } }
            return scalars[..<(limit - 1)].map { String($0) } + [self.text(scalars[(limit - 1)...])]
        }
        let bytes = Array(text.utf8)
        let pattern = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        for place in places(of: pattern, in: bytes) {
            if limit > 0, parts.count == limit - 1 { break }
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + pattern.count
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    private static func places(of pattern: [UInt8], in text: [UInt8]) -> [Int] {
        var places: [Int] = []
        var index = 0
        let first = pattern[0]
        while index + pattern.count <= text.count {
            if text[index] == first, text[index..<index + pattern.count].elementsEqual(pattern) {
                places.append(index)
                index += pattern.count
            } else {
                index += 1
            }
        }
        return places
    }

    private static func joined(_ list: CELList, _ separator: String) throws(CELEvaluationError) -> String {
        var texts: [String] = []
        for value in list.values {
            guard case .string(let text) = value else {
                throw CELEvaluationError("join: invalid input: \(value.plainText)")
            }
            texts.append(text)
        }
        return texts.joined(separator: separator)
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\u{7}": "\\a", "\u{8}": "\\b", "\u{c}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{b}": "\\v",
        "\\": "\\\\", "\"": "\\\"",
    ]

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] { output += escape } else { output.unicodeScalars.append(scalar) }
        }
        return output + "\""
    }

    /// Go's `%q`: as `strings.quote`, and what cannot be printed as an escape.
    static func goQuoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] {
                output += escape
            } else if scalar.value < 0x20 || scalar.value == 0x7f {
                let digits = String(scalar.value, radix: 16)
                output += "\\x" + (digits.utf8.count < 2 ? "0" + digits : digits)
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
