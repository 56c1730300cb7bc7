/// An operation on the host that failed.
public struct HostError: Error, CustomStringConvertible {
    public let operation: String
    public let path: String
    public let cause: String

    public init(operation: String, path: String, cause: String) {
        self.operation = operation
        self.path = path
        self.cause = cause
    }

    public var description: String {
        path.isEmpty ? "\(operation): \(cause)" : "\(operation) \(path): \(cause)"
    }
}
