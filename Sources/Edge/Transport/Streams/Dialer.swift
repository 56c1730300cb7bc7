/// Opens byte streams to where a host and port lead: by TCP, or through something else such as the agent
/// tunnel.
public protocol Dialer: Sendable {
    func connect(host: String, port: Int) async throws -> any ByteStream
}
