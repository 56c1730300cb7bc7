/// The network of probes and lifecycle hooks.
public protocol ProbeTransport: Sendable {
    /// The status code and the beginning of the body of a GET, redirects within the host followed.
    func httpGet(_ url: String, headers: [(name: String, value: String)], timeout: Duration) async throws
        -> (status: Int, body: String)
    /// Opens a connection and closes it again.
    func tcpConnect(host: String, port: Int, timeout: Duration) async throws
}
