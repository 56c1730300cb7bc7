internal import EdgeAPI
public import EdgeTransport

/// Reaches the kubelets: directly on this host, through their tunnels on others. The composition gives the
/// API server one; it knows nothing of how nodes are reached.
public protocol NodeProxy: Sendable {
    /// Forwards a request to the kubelet of a node and gives back its answer, streams and upgrades included.
    /// - Parameter target: path and query at the kubelet, such as `/containerLogs/default/web/web?follow=true`.
    func forward(_ request: HTTPServerRequest, toNode node: String, target: String) async throws
        -> HTTPServerResponse
}
