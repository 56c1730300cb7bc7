/// Answers the requests of a server.
public protocol HTTPRequestHandler: Sendable {
    /// Called on the connection's event loop with a complete request: it must not block. What takes longer
    /// than a few microseconds is answered with `later`.
    func handle(_ request: HTTPServerRequest) -> HTTPHandling

    /// How many bytes of body a request may have; asked before the body is read. More is answered with 413.
    func bodyLimit(_ head: HTTPRequestHead, _ connection: HTTPConnection) -> Int

    /// The answer to a request that is not acceptable HTTP or too large. `Connection: close` is added to it.
    func rejection(_ error: HTTPSyntaxError) -> HTTPServerResponse

    /// How long the task that answers a request may take, asked when it begins; nil for no limit.
    func timeLimit(_ request: HTTPServerRequest) -> Duration?

    /// The answer to a request whose task took longer; the task is cancelled.
    func timedOut(_ request: HTTPServerRequest) -> HTTPServerResponse
}

extension HTTPRequestHandler {
    /// The API server's limit of a request body.
    public static var defaultBodyLimit: Int { 3 * 1024 * 1024 }

    public func bodyLimit(_ head: HTTPRequestHead, _ connection: HTTPConnection) -> Int {
        Self.defaultBodyLimit
    }

    public func timeLimit(_ request: HTTPServerRequest) -> Duration? { nil }

    public func timedOut(_ request: HTTPServerRequest) -> HTTPServerResponse {
        .text(504, "the request took too long\n")
    }

    public func rejection(_ error: HTTPSyntaxError) -> HTTPServerResponse {
        .text(error.status, error.message + "\n")
    }
}

/// How a request is answered.
public enum HTTPHandling: Sendable {
    /// At once.
    case now(HTTPServerResponse)
    /// By a task of its own, which is cancelled when the client goes away.
    case later(@Sendable () async -> HTTPServerResponse)
    /// By such a task on the connection's event loop, for what computes little and waits for somebody else:
    /// that saves two changes of threads. It must not block.
    case onLoop(@Sendable () async -> HTTPServerResponse)
    /// By another protocol on the same connection.
    case upgrade(HTTPUpgrade)
}

/// A handler made of a closure.
public struct ClosureHandler: HTTPRequestHandler {
    private let body: @Sendable (HTTPServerRequest) -> HTTPHandling

    public init(_ body: @escaping @Sendable (HTTPServerRequest) -> HTTPHandling) {
        self.body = body
    }

    public func handle(_ request: HTTPServerRequest) -> HTTPHandling { body(request) }
}

/// An answer with 101 Switching Protocols: the connection becomes a byte stream.
public struct HTTPUpgrade: Sendable {
    /// The value of the `Upgrade` header, such as `websocket` or `SPDY/3.1`.
    public let protocolName: String
    /// Further headers of the answer.
    public let headers: HTTPHeaders
    /// Owns the stream; it is closed when this returns. The task is cancelled when the server stops.
    public let run: @Sendable (any ByteStream) async -> Void

    public init(
        protocolName: String, headers: HTTPHeaders = [:],
        run: @escaping @Sendable (any ByteStream) async -> Void
    ) {
        self.protocolName = protocolName
        self.headers = headers
        self.run = run
    }
}
