public import EdgeClient

/// A local port that connections come in on, for port-forward and proxy.
public protocol LocalListener: Sendable {
    var port: Int { get }
    /// The next connection; nil once the listener is closed.
    func accept() async throws -> (any ForwardedConnection)?
    func close() async
}

extension KubectlEnvironment {
    /// Listens on an address and port (0: any).
    public typealias Listen = @Sendable (_ address: String, _ port: Int) async throws -> any LocalListener
}
