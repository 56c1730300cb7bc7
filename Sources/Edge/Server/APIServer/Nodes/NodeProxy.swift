internal import EdgeAPI
public import EdgeTransport

/// Reaches the kubelets: directly on this host, through their tunnels on others. The composition gives the
/// API server one; it knows nothing of how nodes are reached.
public protocol NodeProxy: Sendable {
    /// Forwards a request to the kubelet of a node and gives back its answer, streams and upgrades included.
    /// - Parameter target: path and query at the kubelet, such as `/containerLogs/default/web/web?follow=true`.
    func forward(_ request: HTTPServerRequest, toNode node: String, target: String) async throws
        -> HTTPServerResponse

    /// Answers a node that offers its tunnel; it has been authenticated as that node.
    func connect(_ request: HTTPServerRequest, from node: String) -> HTTPServerResponse
}

extension NodeProxy {
    public func connect(_ request: HTTPServerRequest, from node: String) -> HTTPServerResponse {
        .text(404, "this server takes no tunnels\n")
    }
}

public enum NodeTunnelPath {
    /// Where nodes open their tunnel. RBAC lets `system:nodes` in, by the role `edge:node-tunnel`.
    public static let path = "/v1-edge/connect"
}
