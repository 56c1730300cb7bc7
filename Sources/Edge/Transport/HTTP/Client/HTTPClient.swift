public import NIOCore
internal import NIOPosix
internal import Synchronization

/// An HTTP/1.1 client with a pool of kept connections. Meant for the cluster's own traffic: API servers,
/// kubelets, webhooks, probes.
public final class HTTPClient: Sendable {
    public struct Settings: Sendable {
        /// Trust and identity for `https`; nil trusts the host's own authorities.
        public var tls: TLSClientContext?
        /// The name or address that certificates must carry, when it is not the URL's host.
        public var serverName: String?
        /// How connections are made; nil for TCP.
        public var dialer: (any Dialer)?
        public var credentials = HTTPCredentials.none
        public var connectTimeout = Duration.seconds(10)
        /// How long an unused connection is kept. Servers keep theirs a little longer.
        public var idleTimeout = Duration.seconds(90)
        public var maximumIdlePerEndpoint = 8
        /// Sent with every request that has none of that name.
        public var headers: HTTPHeaders = [:]

        public init() {}
    }

    private let group: any EventLoopGroup
    private let settings: Settings
    private let tls: TLSClientContext
    private let pool: HTTPConnectionPool
    private let credentials: HTTPCredentialSource

    public init(group: any EventLoopGroup, settings: Settings = Settings()) throws {
        self.group = group
        self.settings = settings
        tls = try settings.tls ?? TLSClientContext(trust: .system)
        pool = HTTPConnectionPool(
            eventLoop: group.next(), maximumIdle: settings.maximumIdlePerEndpoint,
            idleTimeout: settings.idleTimeout)
        credentials = HTTPCredentialSource(settings.credentials)
    }

    /// Closes the connections that are kept; ones in use are closed after their exchange.
    public func shutdown() { pool.shutdown() }

    deinit { pool.shutdown() }

    /// Sends a request and returns when the head of the answer is there, whatever its status.
    public func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        var request = request
        var redirects = 0
        while true {
            let response = try await executeOnce(request)
            guard request.maximumRedirects > 0, [301, 302, 303, 307, 308].contains(response.status.code),
                request.method == .get || request.method == .head, let location = response.headers["Location"]
            else { return response }
            guard let next = request.url.resolving(location) else {
                throw HTTPClientError.invalidRequest("redirect to \(location.prefix(200))")
            }
            redirects += 1
            guard redirects <= request.maximumRedirects else { throw HTTPClientError.tooManyRedirects }
            // Read to its end, so that the connection can be kept.
            _ = try? await response.collect(limit: 64 * 1024)
            // What was meant for one server is not shown to another.
            if next.authority != request.url.authority || next.isEncrypted != request.url.isEncrypted {
                request.headers["Authorization"] = nil
                request.headers["Cookie"] = nil
            }
            request.url = next
        }
    }

    /// Sends a request and returns the answer with its whole body.
    public func collect(
        _ request: HTTPClientRequest, limit: Int = 16 * 1024 * 1024
    ) async throws -> (head: HTTPResponseHead, body: ByteBuffer) {
        let timeout = request.timeout
        return try await Deadline.run(timeout, "\(request.method) \(request.url.authority)") {
            let response = try await self.execute(request)
            return (response.head, try await response.collect(limit: limit))
        }
    }

    /// Asks to switch protocols; returns the head of the 101 answer and the connection as a byte stream.
    ///
    /// - Throws: `HTTPClientError.upgradeRefused` with the answer when the server does not switch.
    public func upgrade(
        _ request: HTTPClientRequest, to protocolName: String
    ) async throws -> (head: HTTPResponseHead, stream: any ByteStream) {
        var request = request
        request.headers["Connection"] = "Upgrade"
        request.headers["Upgrade"] = protocolName
        let sent = request
        return try await Deadline.run(request.timeout, "\(request.method) \(request.url.authority)") {
            let connection = HTTPClientConnection(stream: try await self.dial(sent.url))
            let head: HTTPResponseHead
            do {
                head = try await connection.exchange(sent, try self.extraHeaders(for: sent.url))
            } catch {
                connection.close()
                throw error
            }
            guard head.status == 101 else {
                let body = HTTPClientBody(connection: connection, patience: sent.readTimeout, onEnd: {})
                let text = try? await HTTPClientResponse(head: head, body: body).collect(limit: 64 * 1024)
                connection.close()
                throw HTTPClientError.upgradeRefused(head, body: text ?? ByteBuffer())
            }
            return (head, connection.takeStream())
        }
    }

    private func executeOnce(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        guard request.url.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw HTTPClientError.invalidRequest("the target has characters that must be encoded")
        }
        let extra = try extraHeaders(for: request.url)
        let key = HTTPConnectionPool.Key(request.url)
        do {
            return try await Deadline.run(request.timeout, "\(request.method) \(request.url.authority)") {
                if let kept = self.pool.take(key) {
                    do {
                        return self.response(try await kept.exchange(request, extra), request, kept, key)
                    } catch {
                        kept.close()
                        // The server may have closed the kept connection just now, without having seen the
                        // request.
                        guard request.method.isIdempotent || request.mayBeRepeated,
                            !(error is CancellationError)
                        else { throw error }
                    }
                }
                let connection = HTTPClientConnection(stream: try await self.dial(request.url))
                do {
                    return self.response(
                        try await connection.exchange(request, extra), request, connection, key)
                } catch {
                    connection.close()
                    throw error
                }
            }
        } catch {
            // Where one connection got no answer, the kept ones will not get any either: the next request must
            // not spend its time on finding that out one by one.
            pool.flush(key)
            throw error
        }
    }

    private func response(
        _ head: HTTPResponseHead, _ request: HTTPClientRequest, _ connection: HTTPClientConnection,
        _ key: HTTPConnectionPool.Key
    ) -> HTTPClientResponse {
        let pool = pool
        let body = HTTPClientBody(connection: connection, patience: request.readTimeout) {
            pool.put(connection, key)
        }
        return HTTPClientResponse(head: head, body: body)
    }

    private func dial(_ url: HTTPURL) async throws -> any ByteStream {
        let name = settings.serverName ?? url.host
        guard let dialer = settings.dialer else {
            let dialer = TCPDialer(group: group, timeout: settings.connectTimeout)
            guard url.isEncrypted else { return try await dialer.connect(host: url.host, port: url.port) }
            return try await dialer.connect(host: url.host, port: url.port, tls: tls, serverName: name)
        }
        let stream = try await dialer.connect(host: url.host, port: url.port)
        guard url.isEncrypted else { return stream }
        do {
            return try await StreamTLS.connect(
                over: stream, tls: tls, serverName: name, group: group, timeout: settings.connectTimeout)
        } catch let failure as TLSHandshake.Failure {
            throw DialError(host: url.host, port: url.port, failure)
        }
    }

    private func extraHeaders(for url: HTTPURL) throws -> HTTPHeaders {
        var headers = settings.headers
        // A secret is never sent in clear.
        if url.isEncrypted, let authorization = try credentials.authorization() {
            headers["Authorization"] = authorization
        }
        return headers
    }
}
