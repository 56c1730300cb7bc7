/// Why the kubelet could not do something, in words that an Event can show.
public struct KubeletError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
