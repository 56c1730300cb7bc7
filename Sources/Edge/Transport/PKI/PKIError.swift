/// Why something with a certificate or a key did not work.
public struct PKIError: Error, Equatable, CustomStringConvertible {
    public let operation: String
    public let cause: String

    init(_ operation: String, _ cause: String) {
        self.operation = operation
        self.cause = cause
    }

    public var description: String { "\(operation): \(cause)" }
}
