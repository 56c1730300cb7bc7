/// Why an expression does not compile: every error that was found, in the order of their places.
public struct CELCompileErrors: Error, Equatable, CustomStringConvertible {
    public struct Issue: Sendable, Equatable {
        public let message: String
        /// From 1; -1 where the error has no place.
        public let line: Int
        /// From 1; 0 where the error has no place.
        public let column: Int
        /// The line of source that the error is in, if it has a place.
        let snippet: String?
    }

    public let issues: [Issue]

    /// The longest line that is shown.
    private static let maximumSnippet = 16384
    static let maximumIssues = 100

    /// One text per issue, as cel-go shows them, with the line and a mark below the place.
    public var description: String {
        let shown = issues.prefix(Self.maximumIssues).map(Self.text)
        let rest = issues.count - Self.maximumIssues
        return (shown + (rest > 0 ? ["\(rest) more errors were truncated"] : [])).joined(separator: "\n")
    }

    private static func text(_ issue: Issue) -> String {
        let head = "ERROR: <input>:\(issue.line):\(issue.column): \(issue.message)"
        guard let snippet = issue.snippet, snippet.utf8.count <= maximumSnippet else { return head }
        let line = String(String.UnicodeScalarView(snippet.unicodeScalars.map { $0 == "\t" ? " " : $0 }))
        var mark = ""
        var scalars = line.unicodeScalars.makeIterator()
        for _ in 1..<max(1, issue.column) {
            guard let scalar = scalars.next() else { break }
            mark += scalar.isASCII ? "." : "\u{ff0e}"
        }
        mark += scalars.next().map { $0.isASCII } ?? true ? "^" : "\u{ff3e}"
        return "\(head)\n | \(line)\n | \(mark)"
    }
}

/// Collects the errors of one compilation.
final class IssueLog {
    private var issues: [(offset: Int, message: String)] = []
    private let source: SourceText

    init(_ source: SourceText) { self.source = source }

    var isEmpty: Bool { issues.isEmpty }

    func report(_ message: String, at offset: Int) {
        if issues.count <= CELCompileErrors.maximumIssues { issues.append((offset, message)) }
    }

    var errors: CELCompileErrors {
        let sorted = issues.enumerated().sorted {
            ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset)
        }
        return CELCompileErrors(
            issues: sorted.map { _, issue in
                guard issue.offset >= 0 else {
                    return CELCompileErrors.Issue(message: issue.message, line: -1, column: 0, snippet: nil)
                }
                let (line, column) = source.position(issue.offset)
                return CELCompileErrors.Issue(
                    message: issue.message, line: line, column: column, snippet: source.line(line))
            })
    }
}
