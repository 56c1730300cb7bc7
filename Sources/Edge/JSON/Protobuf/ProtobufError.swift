/// Why bytes are not a protobuf message, and where.
public struct ProtobufError: Error, Equatable, CustomStringConvertible {
    public let message: String
    /// The byte at which reading stopped, counted from 0.
    public let offset: Int

    public init(_ message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    public var description: String { "proto: \(message) (at byte \(offset))" }
}
