internal import EdgeBase
internal import EdgeJoin
internal import EdgeKubelet
internal import EdgeTransport
internal import Logging
internal import NIOCore

/// The kubelet of a joined host as its server reaches it: an HTTPS server on loopback, which lets the API server in
/// and nobody else, and the tunnel that leads there. The host needs no open port.
struct KubeletEndpoint: Sendable {
    /// What kubelets listen at; on a host where it is taken, any other.
    static let port = 10250

    private let server: HTTPServer
    private let tls: TLSServerContext
    private let tunnel: TunnelAgent

    static func start(
        _ handler: KubeletHandler, node: String, identity: NodeIdentity, clientAuthority: String,
        connection: ServerConnection, group: any EventLoopGroup
    ) async throws -> KubeletEndpoint {
        let tls = try TLSServerContext(Self.material(identity, clientAuthority))
        func listen(_ port: Int) async throws -> HTTPServer {
            try await HTTPServer.start(
                host: "127.0.0.1", port: port, group: group, tls: tls, handler: handler)
        }
        let server: HTTPServer
        do { server = try await listen(port) } catch { server = try await listen(0) }
        var url = connection.server
        url.target = NodeConnections.tunnelPath
        let tunnel = TunnelAgent(
            client: { connection.tunnelClient }, url: url,
            dialer: LoopbackDialer(dialer: TCPDialer(group: group), port: server.port),
            logger: Logger(label: "edge.tunnel")
        ) { host, port in host == node && port == Self.port }
        return KubeletEndpoint(server: server, tls: tls, tunnel: tunnel)
    }

    /// Until the task is cancelled.
    func run() async {
        await tunnel.run()
        await server.shutdown(grace: .seconds(1))
    }

    /// Shows another certificate from now on.
    func use(_ identity: NodeIdentity, clientAuthority: String) throws {
        try tls.reload(Self.material(identity, clientAuthority))
    }

    private static func material(
        _ identity: NodeIdentity, _ clientAuthority: String
    ) -> TLSServerContext.Material {
        .init(
            certificateChain: identity.serving.certificate, privateKey: identity.serving.privateKey,
            clientAuthorities: clientAuthority)
    }

    /// Only the API server may call a kubelet: it has authorized its own caller before.
    static func authorize(_ request: HTTPServerRequest, now: Timestamp) -> KubeletDecision {
        guard let identity = request.connection.identity, identity.notAfter > now else {
            return .unauthenticated
        }
        guard identity.commonName == NodeConnections.clientName else {
            return .denied("user=\(identity.commonName)")
        }
        return .allowed
    }
}

/// Whatever is asked for under the node's name lies at the kubelet's own port.
private struct LoopbackDialer: Dialer {
    let dialer: TCPDialer
    let port: Int

    func connect(host: String, port: Int) async throws -> any ByteStream {
        try await dialer.connect(host: "127.0.0.1", port: self.port)
    }
}
