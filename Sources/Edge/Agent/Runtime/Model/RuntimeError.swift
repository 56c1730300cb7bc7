/// Why the runtime could not do something.
public struct RuntimeError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        case notFound
        case invalidArgument
        /// Not possible in the present state.
        case failedPrecondition
        case unavailable
        case startFailed
        case timedOut
        case internalError
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
