public import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Connects by TCP, without or with TLS.
public struct TCPDialer: Dialer {
    private let group: any EventLoopGroup
    private let timeout: Duration

    /// - Parameter timeout: for the connection and the TLS handshake each.
    public init(group: any EventLoopGroup, timeout: Duration = .seconds(10)) {
        self.group = group
        self.timeout = timeout
    }

    public func connect(host: String, port: Int) async throws -> any ByteStream {
        do {
            return try await bootstrap().connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try ChannelStream.install(on: channel) }
            }
        } catch {
            throw DialError(host: host, port: port, error)
        }
    }

    /// Connects with TLS. `serverName` is the name or address that the certificate must carry.
    func connect(
        host: String, port: Int, tls: TLSClientContext, serverName: String
    ) async throws -> any ByteStream {
        let tls = TLSHandshake(context: tls, serverName: serverName, timeout: timeout)
        do {
            let stream = try await bootstrap().connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try tls.install(on: channel) }
            }
            return try await tls.finish(stream)
        } catch let error as TLSHandshake.Failure {
            throw DialError(host: host, port: port, error)
        } catch {
            throw DialError(host: host, port: port, error)
        }
    }

    private func bootstrap() -> ClientBootstrap {
        var bootstrap = ClientBootstrap(group: group)
        for (option, value) in TCPLiveness.client.options {
            bootstrap = bootstrap.channelOption(option, value: value)
        }
        return
            bootstrap
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
    }
}

extension ChannelStream {
    /// Makes the stream of a channel and puts its handler at the end of the pipeline; on the event loop.
    static func install(on channel: any Channel) throws -> ChannelStream {
        let (stream, handler) = make(channel: channel)
        try channel.pipeline.syncOperations.addHandler(handler)
        return stream
    }
}

/// The client's side of a TLS handshake on a channel.
struct TLSHandshake: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        var isUntrusted = false
    }

    let context: TLSClientContext
    let serverName: String
    let timeout: Duration
    private let outcome = TLSHandshakeOutcome()

    init(context: TLSClientContext, serverName: String, timeout: Duration) {
        self.context = context
        self.serverName = serverName
        self.timeout = timeout
    }

    struct Started: Sendable {
        let stream: ChannelStream
        let completed: EventLoopFuture<Void>
    }

    /// Sets the pipeline up; on the event loop.
    func install(on channel: any Channel) throws -> Started {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(Failure(description: "TLS handshake timed out"))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(try context.makeHandler(serverName: serverName, outcome: outcome))
            try pipeline.addHandler(HandshakeWaiter(promise: promise))
            return Started(stream: try ChannelStream.install(on: channel), completed: promise.futureResult)
        } catch {
            promise.fail(error)
            throw error
        }
    }

    /// Waits for the end of the handshake.
    func finish(_ started: Started) async throws -> ChannelStream {
        do {
            try await started.completed.get()
            return started.stream
        } catch {
            started.stream.close()
            if let refusal = outcome.refusal {
                throw Failure(
                    description: "tls: certificate is not valid for \(serverName): \(refusal)",
                    isUntrusted: true)
            }
            throw Self.explain(error)
        }
    }
}

extension TLSHandshake {
    /// What the engine says, in Go's words where it says what Go would.
    fileprivate static func explain(_ error: any Error) -> Failure {
        let untrusted = "tls: failed to verify certificate: x509:"
        if let failure = error as? Failure { return failure }
        if error is NIOSSLExtraError {
            return Failure(description: "\(untrusted) \(error)", isUntrusted: true)
        }
        let text = "\(error)"
        if text.utf8.contains("CERTIFICATE_VERIFY_FAILED") {
            return Failure(
                description: "\(untrusted) certificate signed by unknown authority", isUntrusted: true)
        }
        if text.utf8.contains("WRONG_VERSION_NUMBER") || text.utf8.contains("HTTP_REQUEST") {
            return Failure(description: "http: server gave HTTP response to HTTPS client")
        }
        return Failure(description: "tls: \(text)")
    }
}

extension String.UTF8View {
    /// (The library's own search for strings brings the whole regular expression engine into a static binary.)
    fileprivate func contains(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        guard count >= wanted.count else { return false }
        return indices.contains { self[$0...].starts(with: wanted) }
    }
}

/// Completes a promise with the outcome of the handshake.
private final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<Void>

    init(promise: EventLoopPromise<Void>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { promise.succeed(()) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(StreamError.reset("connection closed during the handshake"))
        context.fireChannelInactive()
    }
}
