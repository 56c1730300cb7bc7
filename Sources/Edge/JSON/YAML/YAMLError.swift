/// Why a text is not YAML that JSON can express, and where.
public struct YAMLError: Error, Equatable, CustomStringConvertible {
    public let message: String
    /// Counted from 1; 0 where no line is to blame.
    public let line: Int

    public init(_ message: String, line: Int) {
        self.message = message
        self.line = line
    }

    /// `yaml: line 3: mapping values are not allowed in this context`, as users of kubectl know it.
    public var description: String {
        line > 0 ? "yaml: line \(line): \(message)" : "yaml: \(message)"
    }
}
