/// Limits and times of a server; the defaults suit an API server.
public struct HTTPServerSettings: Sendable {
    /// The most connections at a time; further ones are closed at once.
    public var maximumConnections = 4096
    /// The most bytes of request line and headers.
    public var maximumHeadBytes = 64 * 1024
    /// From the connection, or the first byte of a request, to the end of its headers; the TLS handshake
    /// included.
    public var headTimeout: Duration = .seconds(15)
    /// From the end of the headers to the end of the body.
    public var bodyTimeout: Duration = .seconds(60)
    /// How long a connection without a request stays open.
    public var idleTimeout: Duration = .seconds(120)
    /// How long a client may read nothing while something waits to be sent.
    public var writeTimeout: Duration = .seconds(60)
    /// How many bytes of one response are prepared at a time: three TLS records, which the TLS handler's buffer
    /// can keep.
    public var writeChunk = 48 * 1024
    /// Whether connections may be HTTP/2.
    public var allowsHTTP2 = true
    /// The most requests at a time on one HTTP/2 connection; clients open another one for more.
    public var maximumStreams = 250

    public init() {}
}
