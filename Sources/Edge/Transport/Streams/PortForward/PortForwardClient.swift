internal import NIOCore
internal import Synchronization

/// The client's side of port-forward: SPDY in a WebSocket, and plain SPDY for servers before Kubernetes 1.30.
public final class PortForwardClient: Sendable {
    private let session: SPDYSession
    private let nextRequest = Mutex(0)

    private init(session: SPDYSession) {
        self.session = session
    }

    /// Connects and runs `body`, which forwards connections with `forward`; it is cancelled when the server
    /// ends the session.
    public static func run(
        _ client: HTTPClient, _ url: HTTPURL, body: @escaping @Sendable (PortForwardClient) async -> Void
    ) async throws {
        do {
            let socket = try await WebSocketHandshake.connect(
                client, url, protocols: [PortForwardServer.tunnelProtocol])
            let session = try SPDYSession(carrier: WebSocketByteStream(socket), role: .client)
            await socket.run { await session.run { await body(PortForwardClient(session: session)) } }
        } catch HTTPClientError.upgradeRefused(let head, let text) {
            guard ![401, 404].contains(head.status.code) else {
                throw HTTPClientError.upgradeRefused(head, body: text)
            }
            var request = HTTPClientRequest(.post, url)
            request.headers[SPDYHandshake.versionHeader] = PortForwardServer.protocolName
            let (_, stream) = try await client.upgrade(request, to: "SPDY/3.1")
            let session = try SPDYSession(carrier: stream, role: .client)
            await session.run { await body(PortForwardClient(session: session)) }
        }
    }

    /// Joins a local connection to a port of the pod; returns when both directions have ended.
    ///
    /// - Throws: `StreamError.reset` with the server's message when the port could not be reached.
    public func forward(port: Int, local: any ByteStream) async throws {
        let request = nextRequest.withLock { next in
            defer { next += 1 }
            return next
        }
        func headers(_ type: String) -> SPDYHeaders {
            ["streamtype": type, "port": "\(port)", "requestid": "\(request)"]
        }
        defer { local.close() }
        let errors = try await session.open(headers("error"))
        try await errors.finish()
        let data = try await session.open(headers("data"))
        defer { data.close() }
        try await errors.waitForReply()
        try await data.waitForReply()
        // The end of what the pod sends is the end of the connection, as in kubectl: the protocol has no
        // better sign that the pod has closed it.
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await StreamSplice.copy(from: data, to: local)
                return true
            }
            group.addTask { await !StreamSplice.copy(from: local, to: data) }
            while let isOver = await group.next(), !isOver {}
            group.cancelAll()
        }
        // The server says what went wrong, if anything did, and ends the error stream behind the data.
        let text = try? await Deadline.run(.seconds(5), "the end of the error stream") {
            try await errors.readAll(limit: 64 * 1024)
        }
        errors.close()
        if let text, text.readableBytes > 0 { throw StreamError.reset(String(buffer: text)) }
    }
}
