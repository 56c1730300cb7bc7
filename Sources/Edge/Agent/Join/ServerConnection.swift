public import EdgeClient
public import EdgeTransport
public import NIOCore
internal import Synchronization

/// A joined host's way to its server, under its two identities. They can be replaced while it runs: requests from
/// then on show the new certificates, watches go on as they are until they end.
public final class ServerConnection: Sendable {
    public let server: HTTPURL
    /// Acts as the node.
    public let node: HTTPAPIClient
    private let network: HTTPAPIClient
    private let nodeTransport: ReplaceableTransport
    private let networkTransport: ReplaceableTransport
    private let tunnel: Mutex<HTTPClient>
    private let group: any EventLoopGroup

    public init(server: HTTPURL, identity: NodeIdentity, group: any EventLoopGroup) throws {
        self.server = server
        self.group = group
        nodeTransport = ReplaceableTransport(try Self.transport(server, identity, identity.kubelet, group))
        networkTransport = ReplaceableTransport(try Self.transport(server, identity, identity.network, group))
        node = APIAccess.client(RESTClient(transport: nodeTransport))
        network = APIAccess.client(RESTClient(transport: networkTransport))
        tunnel = Mutex(try Self.tunnelClient(identity, group))
    }

    public func use(_ identity: NodeIdentity) throws {
        nodeTransport.replace(by: try Self.transport(server, identity, identity.kubelet, group))
        networkTransport.replace(by: try Self.transport(server, identity, identity.network, group))
        let client = try Self.tunnelClient(identity, group)
        tunnel.withLock { $0 = client }
    }

    /// What the node's informers follow.
    public var source: any ObjectSource {
        NodeObjectSource(node: HTTPObjectSource(node), network: HTTPObjectSource(network))
    }

    /// Opens the tunnel.
    public var tunnelClient: HTTPClient { tunnel.withLock { $0 } }

    private static func transport(
        _ server: HTTPURL, _ identity: NodeIdentity, _ pair: KeyPair, _ group: any EventLoopGroup
    ) throws -> HTTPTransport {
        try APIAccess.transport(server, authority: identity.authority, identity: pair, group: group)
    }

    private static func tunnelClient(
        _ identity: NodeIdentity, _ group: any EventLoopGroup
    ) throws -> HTTPClient {
        var settings = HTTPClient.Settings()
        settings.tls = try TLSClientContext(
            trust: .authorities(identity.authority), identity: identity.kubelet)
        settings.connectTimeout = .seconds(5)
        return try HTTPClient(group: group, settings: settings)
    }
}

/// Requests go by the transport that is there at their begin.
private final class ReplaceableTransport: RESTTransport {
    private let present: Mutex<HTTPTransport>

    init(_ transport: HTTPTransport) {
        present = Mutex(transport)
    }

    func replace(by transport: HTTPTransport) {
        let old = present.withLock { present in
            defer { present = transport }
            return present
        }
        old.shutdown()
    }

    func send(_ request: RESTRequest) async throws -> RESTResponse {
        try await present.withLock { $0 }.send(request)
    }
}

/// Pods are read as the node, which sees its own; all else as the network identity, which may see more.
private struct NodeObjectSource: ObjectSource {
    let node: HTTPObjectSource
    let network: HTTPObjectSource

    private func source(_ scope: WatchScope) -> HTTPObjectSource {
        scope.resource == "pods" ? node : network
    }

    func list(_ scope: WatchScope) async throws -> ObjectList {
        try await source(scope).list(scope)
    }

    func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        try await source(scope).watch(scope, after: revision, deliver: deliver)
    }
}
