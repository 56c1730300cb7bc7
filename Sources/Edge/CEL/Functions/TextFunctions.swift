/// The standard functions of strings.
enum TextFunctions {
    static func declare(in table: inout FunctionTable) {
        table.member("contains", "contains_string", [.string, .string], .bool) {
            values throws(CELEvaluationError) in
            .bool(find(Array(values[1].asText.utf8), in: Array(values[0].asText.utf8)) != nil)
        }
        table.member("startsWith", "starts_with_string", [.string, .string], .bool) {
            values throws(CELEvaluationError) in
            .bool(values[0].asText.utf8.starts(with: values[1].asText.utf8))
        }
        table.member("endsWith", "ends_with_string", [.string, .string], .bool) {
            values throws(CELEvaluationError) in
            .bool(values[0].asText.utf8.reversed().starts(with: values[1].asText.utf8.reversed()))
        }
    }

    /// The first place of a pattern in a text from an offset on, in linear time (Knuth, Morris, Pratt).
    static func find<T: Equatable>(_ pattern: [T], in text: [T], from start: Int = 0) -> Int? {
        guard !pattern.isEmpty else { return start <= text.count ? start : nil }
        guard start >= 0, text.count - start >= pattern.count else { return nil }
        var borders = [0]
        borders.reserveCapacity(pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = borders[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            borders.append(length)
        }
        length = 0
        for index in start..<text.count {
            while length > 0, text[index] != pattern[length] { length = borders[length - 1] }
            if text[index] == pattern[length] { length += 1 }
            if length == pattern.count { return index - length + 1 }
        }
        return nil
    }
}
