/// Why an expression has no value.
public struct CELEvaluationError: Error, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// A function was called with values that it does not take.
        case noSuchOverload
        /// The evaluation cost more than it may.
        case costLimit
        case other
    }

    public let kind: Kind
    public let message: String

    public init(_ message: String, kind: Kind = .other) {
        self.message = message
        self.kind = kind
    }

    public var description: String { message }

    static let noSuchOverload = CELEvaluationError("no such overload", kind: .noSuchOverload)
    static let costLimit = CELEvaluationError(
        "operation cancelled: actual cost limit exceeded", kind: .costLimit)
}
