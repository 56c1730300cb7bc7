/// A regular expression in the syntax of RE2 (as Go's `regexp` takes it), matched in time linear in the
/// text: no back references and no looking around, whatever the pattern.
public struct RegularExpression: Sendable {
    public let pattern: String
    private let program: RegexProgram

    /// Throws what Go's `regexp.Compile` says of the pattern.
    public init(_ pattern: String) throws(RegularExpressionError) {
        var parser = RegexParser(pattern)
        let node = try parser.parse()
        self.pattern = pattern
        self.program = try RegexProgram(node, pattern: pattern)
    }

    /// Whether the pattern is found anywhere in the text.
    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var matcher = RegexMatcher(program, bytes)
            return matcher.matches()
        }
    }

    /// The leftmost match, as offsets in the UTF-8 of the text; nil where there is none.
    public func firstMatch(in text: String) -> Range<Int>? {
        var text = text
        return text.withUTF8 { bytes in
            var matcher = RegexMatcher(program, bytes)
            return matcher.firstMatch(from: 0)
        }
    }

    /// The text of the leftmost match.
    public func firstMatchText(in text: String) -> String? {
        firstMatch(in: text).map { String(text.utf8[offsets: $0]) }
    }

    /// The successive matches that do not overlap, at most `limit` of them where it is not negative. As Go
    /// does, an empty match right behind another match does not count.
    public func allMatches(in text: String, limit: Int = -1) -> [String] {
        guard limit != 0 else { return [] }
        var text = text
        let ranges: [Range<Int>] = text.withUTF8 { bytes in
            var matcher = RegexMatcher(program, bytes)
            var ranges: [Range<Int>] = []
            var position = 0
            var previousEnd = -1
            while position <= bytes.count, let match = matcher.firstMatch(from: position) {
                if match.isEmpty {
                    if match.lowerBound != previousEnd { ranges.append(match) }
                    guard match.lowerBound < bytes.count else { break }
                    position = match.upperBound + RegexScalar.decode(bytes, at: match.upperBound).length
                } else {
                    ranges.append(match)
                    position = match.upperBound
                }
                previousEnd = match.upperBound
                if ranges.count == limit { break }
            }
            return ranges
        }
        return ranges.map { String(text.utf8[offsets: $0]) }
    }
}

extension String.UTF8View {
    fileprivate subscript(offsets range: Range<Int>) -> Substring {
        let start = index(startIndex, offsetBy: range.lowerBound)
        return Substring(self[start..<index(start, offsetBy: range.count)])
    }
}
