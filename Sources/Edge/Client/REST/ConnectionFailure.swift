/// The server could not be reached at all.
public struct ConnectionFailure: Error, CustomStringConvertible {
    /// `host:port` as the user wrote it.
    public let server: String
    public let isRefused: Bool
    public let cause: String

    public init(server: String, isRefused: Bool, cause: String) {
        self.server = server
        self.isRefused = isRefused
        self.cause = cause
    }

    public var description: String {
        isRefused
            ? "The connection to the server \(server) was refused - did you specify the right host or port?"
            : "Unable to connect to the server: \(cause)"
    }
}
