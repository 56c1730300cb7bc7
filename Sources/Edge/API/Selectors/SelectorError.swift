/// Why a selector cannot be used, in Kubernetes' words.
public struct SelectorError: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
