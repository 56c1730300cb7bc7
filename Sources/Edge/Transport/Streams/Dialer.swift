/// Opens byte streams to where a host and port lead: by TCP, or through something else such as the agent
/// tunnel.
public protocol Dialer: Sendable {
    func connect(host: String, port: Int) async throws -> any ByteStream
}

/// Why a connection could not be made.
public struct DialError: Error, CustomStringConvertible {
    public let host: String
    public let port: Int
    public let cause: String
    /// The peer was reached but its certificate was not accepted, or ours was not.
    public let isTLSFailure: Bool

    public init(host: String, port: Int, cause: String, isTLSFailure: Bool = false) {
        self.host = host
        self.port = port
        self.cause = cause
        self.isTLSFailure = isTLSFailure
    }

    public var description: String { "dial \(host.contains(":") ? "[\(host)]" : host):\(port): \(cause)" }
}
