internal import NIOCore
internal import Synchronization

/// The server's end of the tunnels: which nodes are connected, and dialers that go through them.
public final class TunnelServer: Sendable {
    private let sessions = Mutex<[String: TunnelSession]>([:])
    private let settings: TunnelSession.Settings

    public convenience init() { self.init(settings: TunnelSession.Settings()) }

    init(settings: TunnelSession.Settings) {
        self.settings = settings
    }

    /// The answer to an agent's request, after the caller has authenticated it as `node`. A node has
    /// one connection: when it comes with another, its old one is dead, even where this side has not noticed.
    public func answer(_ request: HTTPServerRequest, node: String) -> HTTPServerResponse {
        guard request.head.upgradeProtocols.contains(TunnelFrame.protocolName) else {
            return .text(400, "Upgrade to \(TunnelFrame.protocolName) required\n")
        }
        let settings = settings
        return .upgrade(
            HTTPUpgrade(protocolName: TunnelFrame.protocolName) { stream in
                let session = TunnelSession(carrier: stream, role: .server, settings: settings) { _ in
                    throw StreamError.reset("agents cannot dial through the server")
                }
                self.add(session, node)
                _ = await session.run()
                self.remove(session, node)
            })
    }

    /// The nodes that are connected.
    public var nodes: [String] { sessions.withLock { Array($0.keys) }.sorted() }

    public func isConnected(_ node: String) -> Bool { sessions.withLock { $0[node] != nil } }

    /// A dialer whose connections leave from that node.
    public func dialer(node: String) -> any Dialer { NodeDialer(server: self, node: node) }

    /// Breaks all tunnels off; agents come back when they can.
    public func closeAll() {
        let all = sessions.withLock { Array($0.values) }
        for session in all { session.abort() }
    }

    fileprivate func connect(_ node: String, _ host: String, _ port: Int) async throws -> any ByteStream {
        let target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        while true {
            guard let session = sessions.withLock({ $0[node] }) else {
                throw DialError(
                    host: host, port: port, kind: .path, cause: "node \(node) is not connected")
            }
            do {
                return try await session.open(target)
            } catch {
                // The node may have come back meanwhile, by another connection.
                if let newer = sessions.withLock({ $0[node] }), newer !== session { continue }
                throw DialError(
                    host: host, port: port, kind: .path, cause: "through node \(node): \(error)")
            }
        }
    }

    private func add(_ session: TunnelSession, _ node: String) {
        let old = sessions.withLock { sessions in
            defer { sessions[node] = session }
            return sessions[node]
        }
        old?.abort()
    }

    private func remove(_ session: TunnelSession, _ node: String) {
        sessions.withLock { sessions in
            if sessions[node] === session { sessions[node] = nil }
        }
    }
}

private struct NodeDialer: Dialer {
    let server: TunnelServer
    let node: String

    func connect(host: String, port: Int) async throws -> any ByteStream {
        try await server.connect(node, host, port)
    }
}
