internal import AsyncHTTPClient
internal import EdgeBase
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Sends single requests, without following redirects. Clients are made per proxy when first needed; the event
/// loops are the process's own.
final class RegistryTransport: Sendable {
    private struct State {
        var clients: [ProxySettings.Server?: HTTPClient] = [:]
        var isShutDown = false
    }

    private let proxy: ProxySettings
    private let timeouts: RegistryTimeouts
    private let state = Mutex(State())

    init(proxy: ProxySettings, timeouts: RegistryTimeouts) {
        self.proxy = proxy
        self.timeouts = timeouts
    }

    deinit {
        // A client must not go without having been shut down.
        let clients = state.withLock { Array($0.clients.values) }
        if clients.isEmpty { return }
        Task { for client in clients { try? await client.shutdown() } }
    }

    /// Throws an `ImageError` of code `network` or `untrusted`, or CancellationError.
    func execute(
        _ method: HTTPMethod, _ url: RegistryURL, headers: [(String, String)], form: String? = nil,
        tls: TLSConfiguration?
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url.description)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "User-Agent", value: "edge")
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        request.tlsConfiguration = url.scheme == .https ? tls : nil
        let client = try client(for: url)
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw Self.translate(error, url)
        }
    }

    private func client(for url: RegistryURL) throws -> HTTPClient {
        let server = proxy.server(for: url)
        return try state.withLock { state in
            guard !state.isShutDown else { throw CancellationError() }
            if let client = state.clients[server] { return client }
            let client = makeClient(server)
            state.clients[server] = client
            return client
        }
    }

    private func makeClient(_ server: ProxySettings.Server?) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .nanoseconds(timeouts.connect.wholeNanoseconds)
        configuration.timeout.read = .nanoseconds(timeouts.read.wholeNanoseconds)
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.connectionPool.retryConnectionEstablishment = false
        // One layer, one connection: HTTP/2 would share one flow-control window among the layers.
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        if let server {
            configuration.proxy = .server(
                host: server.host, port: server.port,
                authorization: server.authorization.map { .basic(credentials: String($0.dropFirst(6))) })
        }
        return HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: configuration)
    }

    func shutDown() async {
        let clients = state.withLock { state in
            state.isShutDown = true
            defer { state.clients = [:] }
            return Array(state.clients.values)
        }
        for client in clients { try? await client.shutdown() }
    }

    // MARK: Errors

    /// In the words that Kubernetes users know from Go's network library.
    static func translate(_ error: any Error, _ url: RegistryURL) -> any Error {
        if error is CancellationError || error as? HTTPClientError == .cancelled {
            return CancellationError()
        }
        if let cause = trustCause(error) { return ImageError(.untrusted, endpoint: url.redacted, cause) }
        return ImageError(.network, endpoint: url.redacted, cause(error, url))
    }

    private static func trustCause(_ error: any Error) -> String? {
        if error is NIOSSLExtraError { return "tls: failed to verify certificate: x509: \(error)" }
        guard error is NIOSSLError, String(describing: error).includes("CERTIFICATE_VERIFY_FAILED") else {
            return nil
        }
        return "tls: failed to verify certificate: x509: certificate signed by unknown authority"
    }

    private static func cause(_ error: any Error, _ url: RegistryURL) -> String {
        let address = "\(url.host):\(url.port ?? (url.scheme == .https ? 443 : 80))"
        if let error = error as? HTTPClientError { return clientCause(error, address) }
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first {
                return "dial tcp \(address): \(connectCause(failure.error))"
            }
            return "dial tcp: lookup \(url.host): no such host"
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "dial tcp \(address): connect: connection refused"
        case let error as NIOSSLError: return tlsCause(error)
        default: return String(describing: error)
        }
    }

    private static func clientCause(_ error: HTTPClientError, _ address: String) -> String {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: "dial tcp \(address): i/o timeout"
        case .tlsHandshakeTimeout: "net/http: TLS handshake timeout"
        case .readTimeout: "no data received: i/o timeout"
        case .remoteConnectionClosed: "connection closed by the registry: unexpected EOF"
        case .proxyAuthenticationRequired: "proxyconnect: proxy authentication required"
        case .invalidProxyResponse, .httpProxyHandshakeTimeout: "proxyconnect: no valid answer from the proxy"
        default: error.description
        }
    }

    private static func connectCause(_ error: any Error) -> String {
        guard let error = error as? IOError else {
            return error is ChannelError ? "i/o timeout" : String(describing: error)
        }
        return error.errnoCode == ECONNREFUSED
            ? "connect: connection refused" : "connect: \(String(cString: strerror(error.errnoCode)))"
    }

    private static func tlsCause(_ error: NIOSSLError) -> String {
        let text = String(describing: error)
        if text.includes("WRONG_VERSION_NUMBER") || text.includes("HTTP_REQUEST") {
            return "http: server gave HTTP response to HTTPS client"
        }
        return "tls: \(text)"
    }
}

/// How long a registry may stay silent.
public struct RegistryTimeouts: Sendable {
    public var connect: Duration = .seconds(15)
    /// Between two pieces of an answer.
    public var read: Duration = .seconds(60)

    public init() {}
}
