public import Logging

/// The node's end of the tunnel: keeps one connection to a server open, whatever happens to it, and dials on
/// its behalf what the node allows.
public final class TunnelAgent: Sendable {
    private let client: @Sendable () -> HTTPClient
    private let url: HTTPURL
    private let dialer: any Dialer
    private let isAllowed: @Sendable (_ host: String, _ port: Int) -> Bool
    private let logger: Logger
    private let settings: TunnelSession.Settings
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - client: carries the node's client certificate; asked for each connection, since certificates are renewed.
    ///   - url: the server's tunnel endpoint.
    ///   - isAllowed: what the server may reach through this node, such as the kubelet's port on loopback.
    public convenience init(
        client: @escaping @Sendable () -> HTTPClient, url: HTTPURL, dialer: any Dialer, logger: Logger,
        isAllowed: @escaping @Sendable (_ host: String, _ port: Int) -> Bool
    ) {
        self.init(
            client: client, url: url, dialer: dialer, logger: logger, settings: TunnelSession.Settings(),
            sleep: { try await Task.sleep(for: $0) }, isAllowed: isAllowed)
    }

    init(
        client: @escaping @Sendable () -> HTTPClient, url: HTTPURL, dialer: any Dialer, logger: Logger,
        settings: TunnelSession.Settings,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        isAllowed: @escaping @Sendable (_ host: String, _ port: Int) -> Bool
    ) {
        self.client = client
        self.url = url
        self.dialer = dialer
        self.logger = logger
        self.settings = settings
        self.sleep = sleep
        self.isAllowed = isAllowed
    }

    /// Runs until the task is cancelled.
    public func run() async {
        // Short, since logs and exec of this node's pods wait for it after a cut.
        var backoff = Backoff(limit: .seconds(5))
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                let request = HTTPClientRequest(.get, url)
                let (_, stream) = try await client().upgrade(request, to: TunnelFrame.protocolName)
                logger.debug("tunnel is open", metadata: ["server": "\(url.authority)"])
                let session = TunnelSession(carrier: stream, role: .agent, settings: settings) { target in
                    try await self.dial(target)
                }
                let reason = await session.run()
                logger.debug("tunnel ended", metadata: ["server": "\(url.authority)", "cause": "\(reason)"])
            } catch {
                logger.debug(
                    "tunnel could not be opened",
                    metadata: ["server": "\(url.authority)", "cause": "\(error)"])
            }
            // One that held for a minute was good: the next try comes soon.
            if ContinuousClock.now - began > .seconds(60) { backoff.reset() }
            guard (try? await sleep(backoff.next())) != nil else { return }
        }
    }

    private func dial(_ target: String) async throws -> any ByteStream {
        guard let (host, port) = HTTPURL.authority(target[...]), let port, isAllowed(host, port) else {
            throw StreamError.reset("this node does not dial \(target.prefix(200))")
        }
        return try await dialer.connect(host: host, port: port)
    }
}
