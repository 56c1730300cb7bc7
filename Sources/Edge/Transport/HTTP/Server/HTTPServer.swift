public import EdgeBase
public import NIOCore
internal import NIOPosix

/// A server of HTTP/1.1 and HTTP/2 on one address, with or without TLS. What a connection speaks is known from its
/// first bytes.
public final class HTTPServer: Sendable {
    private let listener: any Channel
    private let registry: HTTPServerRegistry

    private init(listener: any Channel, registry: HTTPServerRegistry) {
        self.listener = listener
        self.registry = registry
    }

    /// Listens. Port 0 takes a free one.
    ///
    /// - Parameters:
    ///   - host: an address, or `::` for all of both families.
    ///   - tls: nil for plain HTTP.
    public static func start(
        host: String, port: Int, group: any EventLoopGroup, tls: TLSServerContext? = nil,
        settings: HTTPServerSettings = HTTPServerSettings(), clock: any WallClock = SystemWallClock(),
        handler: some HTTPRequestHandler
    ) async throws -> HTTPServer {
        let registry = HTTPServerRegistry(maximum: settings.maximumConnections)
        let factory = HTTPConnectionFactory(
            handler: handler, settings: settings, tls: tls, date: HTTPDate(clock: clock), registry: registry)
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
            .childChannelInitializer { channel in factory.configure(channel) }
        for (option, value) in TCPLiveness.server.options {
            bootstrap = bootstrap.childChannelOption(option, value: value)
        }
        let listener = try await bootstrap.bind(host: host, port: port).get()
        return HTTPServer(listener: listener, registry: registry)
    }

    /// The port that it listens on.
    public var port: Int { listener.localAddress?.port ?? 0 }

    /// How many connections are open.
    public var connectionCount: Int { registry.count }

    /// Stops accepting, ends idle connections and streams, and lets requests at work finish; after `grace`
    /// breaks off what is left.
    public func shutdown(grace: Duration = .seconds(10)) async {
        try? await listener.close().get()
        registry.stop()
        let deadline = NIODeadline.now() + TimeAmount(grace)
        let timer = listener.eventLoop.scheduleTask(deadline: deadline) { [registry] in registry.abort() }
        await registry.waitUntilEmpty()
        timer.cancel()
    }
}

/// Sets up accepted connections.
private struct HTTPConnectionFactory: Sendable {
    let handler: any HTTPRequestHandler
    let settings: HTTPServerSettings
    let tls: TLSServerContext?
    let date: HTTPDate
    let registry: HTTPServerRegistry

    func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        let connection = HTTPConnection(
            peerAddress: channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) },
            peerPort: channel.remoteAddress?.port ?? 0, isEncrypted: tls != nil,
            eventLoop: channel.eventLoop)
        let last = HTTPServerConnection(
            handler: handler, settings: settings, connection: connection, date: date,
            eventLoop: channel.eventLoop)
        let id = ObjectIdentifier(channel)
        guard registry.add(last, id) else {
            return channel.eventLoop.makeFailedFuture(StreamError.limitExceeded("too many connections"))
        }
        channel.closeFuture.whenComplete { [registry] _ in registry.remove(id) }
        if settings.allowsHTTP2 {
            last.switchToHTTP2 = { [self] first, bytes in switchToHTTP2(first, bytes, id) }
        }
        return channel.eventLoop.makeCompletedFuture {
            if let tls {
                try channel.pipeline.syncOperations.addHandler(tls.makeHandler(for: connection))
            }
            try channel.pipeline.syncOperations.addHandler(last)
        }
    }

    private func switchToHTTP2(_ first: HTTPServerConnection, _ bytes: ByteBuffer, _ id: ObjectIdentifier) {
        guard let pipeline = first.context?.pipeline.syncOperations else { return }
        let next = HTTP2ServerConnection(
            handler: handler, settings: settings, connection: first.connection, date: date,
            eventLoop: first.eventLoop)
        do {
            try pipeline.addHandler(next, position: .after(first))
        } catch {
            first.close()
            return
        }
        pipeline.removeHandler(first, promise: nil)
        registry.replace(id, with: next)
        if first.isShuttingDown { next.shutDown() }
        next.receive(bytes)
    }
}
