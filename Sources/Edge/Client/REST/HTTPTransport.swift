internal import EdgeBase
internal import EdgeTransport
public import NIOCore

/// Requests to one API server over HTTP and TLS, and its two-way sessions over WebSocket.
public struct HTTPTransport: RESTTransport, StreamTransport {
    private let client: HTTPClient
    private let server: HTTPURL
    private let prefix: String
    private let host: String
    private let requestTimeout: Duration?
    private let headers: @Sendable () async throws -> [RESTRequest.Field]

    /// `sessionHeaders` are those of the two-way sessions, which pass by `RESTClient`.
    public init(
        _ config: RESTConfig, group: any EventLoopGroup,
        sessionHeaders: @escaping @Sendable () async throws -> [RESTRequest.Field] = { [] }
    ) throws {
        guard let server = HTTPURL(config.server) else {
            throw ConnectionFailure(
                server: config.host, isRefused: false, cause: "the address \"\(config.server)\" is not valid")
        }
        self.server = server
        prefix = server.target == "/" ? "" : server.target
        host = config.host
        requestTimeout = config.requestTimeout
        headers = sessionHeaders
        var settings = HTTPClient.Settings()
        if server.isEncrypted { settings.tls = try Self.tls(config) }
        settings.serverName = config.tlsServerName
        settings.connectTimeout = config.connectTimeout
        client = try HTTPClient(group: group, settings: settings)
    }

    /// Closes the connections that are kept; ones in use are closed after their exchange.
    public func shutdown() { client.shutdown() }

    private static func tls(_ config: RESTConfig) throws -> TLSClientContext {
        let trust: TLSClientContext.Trust =
            if config.skipsTLSVerification {
                .insecure
            } else if let authority = config.certificateAuthority {
                .authorities(String(decoding: authority, as: UTF8.self))
            } else {
                .system
            }
        var identity: KeyPair?
        if let certificate = config.clientCertificate, let key = config.clientKey {
            identity = KeyPair(
                certificate: String(decoding: certificate, as: UTF8.self),
                privateKey: String(decoding: key, as: UTF8.self))
        }
        return try TLSClientContext(trust: trust, identity: identity)
    }

    // MARK: Requests

    public func send(_ request: RESTRequest) async throws -> RESTResponse {
        let method = HTTPMethod(request.method)
        let response: HTTPClientResponse
        do {
            response = try await client.execute(
                HTTPClientRequest(
                    method, url(request), headers: Self.headers(request.headers),
                    body: ByteBuffer(bytes: request.body ?? []), timeout: requestTimeout))
        } catch let error as DialError {
            throw failure(error)
        }
        let body = response.body
        let deadline = request.isStream ? nil : requestTimeout.map { ContinuousClock.now + $0 }
        return RESTResponse(
            status: response.status.code, headers: response.headers.all.map { .init($0.name, $0.value) },
            body: RESTBody {
                try await Self.before(deadline, body).map { Array($0.readableBytesView) }
            })
    }

    /// The next piece of a body. The time of a request covers its answer too.
    private static func before(
        _ deadline: ContinuousClock.Instant?, _ body: HTTPClientBody
    ) async throws -> ByteBuffer? {
        guard let deadline else { return try await body.next() }
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await body.next() }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                body.abandon()
                throw RequestTimeout()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func url(_ request: RESTRequest) -> HTTPURL {
        var url = server
        url.target = prefix + request.target
        return url
    }

    private static func headers(_ fields: [RESTRequest.Field]) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for field in fields { headers.add(field.name, field.value) }
        return headers
    }

    private func failure(_ error: DialError) -> ConnectionFailure {
        let isRefused = error.cause.lowercased().contains("refused")
        return ConnectionFailure(server: host, isRefused: isRefused, cause: "\(error)")
    }

    // MARK: Sessions

    public func openCommand(_ request: RESTRequest) async throws -> any CommandStream {
        let socket = try await connect(request, protocols: ["v5.channel.k8s.io", "v4.channel.k8s.io"])
        return WebSocketCommandStream(socket)
    }

    public func openPortForward(_ request: RESTRequest) async throws -> any PortForwardStream {
        WebSocketPortForwardStream { port in
            var request = request
            request.query.append(.init("ports", String(port)))
            return try await connect(request, protocols: ["v4.channel.k8s.io"])
        }
    }

    private func connect(_ request: RESTRequest, protocols: [String]) async throws -> WebSocketConnection {
        let fields = try await request.headers + headers()
        do {
            return try await WebSocketHandshake.connect(
                client, url(request), protocols: protocols, headers: Self.headers(fields))
        } catch let error as DialError {
            throw failure(error)
        } catch HTTPClientError.upgradeRefused(let head, let body) {
            // The server says why in an ordinary answer.
            let bytes = Array(body.readableBytesView)
            throw RESTClient.failure(status: head.status.code, body: bytes, method: request.method)
        }
    }
}

/// A request took longer than it may.
public struct RequestTimeout: Error, CustomStringConvertible {
    public var description: String { "the request took longer than the time that was set for it" }
}
