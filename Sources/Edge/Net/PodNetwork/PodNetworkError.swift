/// What the pod network could not do.
public struct PodNetworkError: Error, CustomStringConvertible {
    public let operation: String
    public let object: String
    public let cause: String

    public var description: String { "\(operation) \(object): \(cause)" }
}
