public import EdgeBase
public import NIOCore
internal import NIOPosix
internal import Synchronization

/// An HTTP/1.1 server on one address, with or without TLS.
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
            peerPort: channel.remoteAddress?.port ?? 0, isEncrypted: tls != nil)
        let last = HTTPServerConnection(
            handler: handler, settings: settings, connection: connection, date: date,
            eventLoop: channel.eventLoop)
        guard registry.add(last) else {
            return channel.eventLoop.makeFailedFuture(StreamError.limitExceeded("too many connections"))
        }
        channel.closeFuture.whenComplete { [registry] _ in registry.remove(last) }
        return channel.eventLoop.makeCompletedFuture {
            if let tls {
                try channel.pipeline.syncOperations.addHandler(tls.makeHandler(for: connection))
            }
            try channel.pipeline.syncOperations.addHandler(last)
        }
    }
}

/// The connections of a server.
final class HTTPServerRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: HTTPServerConnection] = [:]
        var isStopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    var count: Int { state.withLock { $0.connections.count } }

    func add(_ connection: HTTPServerConnection) -> Bool {
        state.withLock { state in
            guard !state.isStopping, state.connections.count < maximum else { return false }
            state.connections[ObjectIdentifier(connection)] = connection
            return true
        }
    }

    func remove(_ connection: HTTPServerConnection) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.connections[ObjectIdentifier(connection)] = nil
            guard state.connections.isEmpty else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func stop() {
        forEach(stopping: true) { $0.shutDown() }
    }

    func abort() {
        forEach(stopping: true) { $0.abort() }
    }

    private func forEach(stopping: Bool, _ body: @escaping @Sendable (HTTPServerConnection) -> Void) {
        let connections = state.withLock { state in
            state.isStopping = stopping
            return Array(state.connections.values)
        }
        for connection in connections { connection.eventLoop.execute { body(connection) } }
    }

    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.connections.isEmpty { state.waiters.append(continuation) }
                return state.connections.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
