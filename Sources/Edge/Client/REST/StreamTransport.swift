public import EdgeJSON
public import EdgeTransport

/// Opens the two-way sessions of an API server: exec, attach and port-forward.
public protocol StreamTransport: Sendable {
    /// A session of `exec` or `attach` (sub-protocol v5.channel.k8s.io and its forerunners).
    func openCommand(_ request: RESTRequest) async throws -> any CommandStream

    /// A session of `portforward`, which carries any number of connections.
    func openPortForward(_ request: RESTRequest) async throws -> any PortForwardStream
}

/// One running command on the other side.
public protocol CommandStream: Sendable {
    func send(_ input: [UInt8]) async throws
    /// Tells the command that its input has ended.
    func endInput() async throws
    func resize(_ size: TerminalSize) async throws
    /// The next thing that arrives; nil when the connection has closed.
    func next() async throws -> CommandStreamEvent?
    func close() async
}

public enum CommandStreamEvent: Sendable, Equatable {
    case output([UInt8])
    case error([UInt8])
    /// How the command ended: a `Status` object.
    case status(JSONValue)
}

/// A connection to a pod over which ports are forwarded.
public protocol PortForwardStream: Sendable {
    /// Opens one connection to a port of the pod.
    func connect(port: Int) async throws -> any ForwardedConnection
    func close() async
}

/// Bytes to and from one port of a pod.
public protocol ForwardedConnection: Sendable {
    func send(_ bytes: [UInt8]) async throws
    func endInput() async throws
    /// The next bytes; nil at the end. Throws what the other side reports, such as a refused connection.
    func next() async throws -> [UInt8]?
    func close() async
}
