internal import EdgeBase
internal import EdgeTransport
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Sends single requests, without following redirects. Clients are made per proxy and TLS settings when first needed;
/// the event loops are the process's own.
final class RegistryTransport: Sendable {
    private struct Key: Hashable {
        var proxy: ProxySettings.Server?
        var isEncrypted: Bool
        var tls: RegistryTLS?
    }

    private struct State {
        var clients: [Key: HTTPClient] = [:]
        var isShutDown = false
    }

    /// Settings that change leave clients behind that nobody asks for again.
    private static let maximumClients = 16

    private let proxy: ProxySettings
    private let timeouts: RegistryTimeouts
    private let pool: ImageThreadPool
    private let state = Mutex(State())

    /// - Parameter pool: where clients are made: the host's authorities are read from the disk.
    init(proxy: ProxySettings, timeouts: RegistryTimeouts, pool: ImageThreadPool) {
        self.proxy = proxy
        self.timeouts = timeouts
        self.pool = pool
    }

    /// Throws an `ImageError` of code `network` or `untrusted`, or CancellationError.
    func execute(
        _ method: HTTPMethod, _ url: RegistryURL, headers: [(String, String)], form: String? = nil,
        tls: RegistryTLS?
    ) async throws -> HTTPClientResponse {
        guard var target = HTTPURL(url.description) else {
            throw ImageError(.network, endpoint: url.redacted, "not a valid address")
        }
        let server = proxy.server(for: url)
        // A proxy that is no tunnel wants the whole URL (RFC 9112 section 3.2.2).
        if server != nil, !target.isEncrypted { target.target = url.description }
        var request = HTTPClientRequest(
            method, target, headers: HTTPHeaders(headers), timeout: timeouts.connect + timeouts.read)
        request.readTimeout = timeouts.read
        request.headers["User-Agent"] = "edge"
        if let authorization = server?.authorization, !target.isEncrypted {
            request.headers["Proxy-Authorization"] = authorization
        }
        if let form {
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
            request.body = ByteBuffer(string: form)
        }
        do {
            let key = Key(proxy: server, isEncrypted: target.isEncrypted, tls: target.isEncrypted ? tls : nil)
            let client = try await client(key)
            return try await client.execute(request)
        } catch {
            throw Self.translate(error, url)
        }
    }

    private func client(_ key: Key) async throws -> HTTPClient {
        if let client = try present(key) { return client }
        let made = try await pool.run { try self.makeClient(key) }
        // Another request may have been first.
        if let client = try present(key) { return client }
        state.withLock { state in
            if state.clients.count >= Self.maximumClients { state.clients = [:] }
            state.clients[key] = made
        }
        return made
    }

    private func present(_ key: Key) throws -> HTTPClient? {
        try state.withLock { state in
            guard !state.isShutDown else { throw CancellationError() }
            return state.clients[key]
        }
    }

    private func makeClient(_ key: Key) throws -> HTTPClient {
        let group = MultiThreadedEventLoopGroup.singleton
        var settings = HTTPClient.Settings()
        settings.connectTimeout = timeouts.connect
        settings.idleTimeout = .seconds(15)
        settings.tls =
            try key.isEncrypted ? (key.tls ?? RegistryTLS()).context() : TLSClientContext(trust: .insecure)
        if let proxy = key.proxy {
            settings.dialer = HTTPProxyDialer(
                host: proxy.host, port: proxy.port, authorization: proxy.authorization,
                isTunnel: key.isEncrypted, group: group, timeout: timeouts.connect)
        }
        return try HTTPClient(group: group, settings: settings)
    }

    /// Ends the kept connections; no request is taken any more.
    func shutDown() {
        state.withLock { state in
            state.isShutDown = true
            state.clients = [:]
        }
    }

    // MARK: Errors

    /// In the words that Kubernetes users know from Go's network library.
    static func translate(_ error: any Error, _ url: RegistryURL) -> any Error {
        switch error {
        case is CancellationError, is ImageError: return error
        case let error as DialError:
            return ImageError(
                error.kind == .untrusted ? .untrusted : .network, endpoint: url.redacted, "\(error)")
        case HTTPClientError.connectionClosed, is StreamError:
            return ImageError(.network, endpoint: url.redacted, streamCause(error))
        default: return ImageError(.network, endpoint: url.redacted, "\(error)")
        }
    }

    private static func streamCause(_ error: any Error) -> String {
        if case StreamError.timedOut = error { return "no data received: i/o timeout" }
        return "connection closed by the registry: unexpected EOF"
    }
}

/// How long a registry may stay silent.
public struct RegistryTimeouts: Sendable {
    public var connect: Duration = .seconds(15)
    /// Between two pieces of an answer.
    public var read: Duration = .seconds(60)

    public init() {}
}
