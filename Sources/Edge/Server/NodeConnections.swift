internal import EdgeAPI
internal import EdgeAPIServer
internal import EdgeBase
internal import EdgeKubelet
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// The server's way to the kubelets: that of its own host within the process, the others through the tunnels that
/// they have opened, by HTTPS with a client certificate that they know as the API server's.
final class NodeConnections: NodeProxy {
    static let tunnelPath = NodeTunnelPath.path
    /// The common name of the certificate by which kubelets know the API server. It has no rights at the API.
    static let clientName = "kube-apiserver-kubelet-client"

    private struct State {
        var local: (name: String, kubelet: KubeletHandler)?
        var clients: [String: HTTPClient] = [:]
    }

    private let tunnels = TunnelServer()
    private let tls: TLSClientContext
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(pki: ClusterPKI, group: any EventLoopGroup, now: Timestamp) throws {
        let identity = try pki.ensureLeaf(
            "client-kube-apiserver", .client(Self.clientName), by: pki.client, now: now)
        tls = try TLSClientContext(trust: .authorities(pki.server.certificate), identity: identity)
        self.group = group
    }

    /// The server's own host is a node, too.
    func setLocal(_ name: String, _ kubelet: KubeletHandler) {
        state.withLock { $0.local = (name, kubelet) }
    }

    func connect(_ request: HTTPServerRequest, from node: String) -> HTTPServerResponse {
        tunnels.answer(request, node: node)
    }

    /// Breaks all tunnels off: the server stops.
    func closeAll() { tunnels.closeAll() }

    func forward(
        _ request: HTTPServerRequest, toNode node: String, target: String
    ) async throws -> HTTPServerResponse {
        if let local = state.withLock({ $0.local }), local.name == node {
            return try await Self.call(local.kubelet, request, target)
        }
        guard tunnels.isConnected(node) else {
            state.withLock { _ = $0.clients.removeValue(forKey: node) }
            throw APIStatus.serviceUnavailable("node \(node) is not connected to this server")
        }
        let client = try client(for: node)
        let url = HTTPURL(isEncrypted: true, host: node, port: KubeletEndpoint.port, target: target)
        do {
            return try await HTTPForwarder.forward(request, to: url, by: client)
        } catch let error as DialError {
            throw APIStatus.serviceUnavailable("node \(node) cannot be reached: \(error.cause)")
        } catch let error as StreamError {
            throw APIStatus.serviceUnavailable("node \(node) cannot be reached: \(error)")
        }
    }

    private static func call(
        _ kubelet: KubeletHandler, _ request: HTTPServerRequest, _ target: String
    ) async throws -> HTTPServerResponse {
        guard let forwarded = request.retargeted(target) else {
            throw APIStatus.badRequest("\(target) is no request target")
        }
        switch kubelet.handle(forwarded) {
        case .now(let response): return response
        case .later(let answer), .onLoop(let answer): return await answer()
        case .upgrade(let upgrade): return .upgrade(upgrade)
        }
    }

    private func client(for node: String) throws -> HTTPClient {
        try state.withLock { state in
            if let client = state.clients[node] { return client }
            var settings = HTTPClient.Settings()
            settings.tls = tls
            settings.dialer = tunnels.dialer(node: node)
            let client = try HTTPClient(group: group, settings: settings)
            state.clients[node] = client
            return client
        }
    }
}
