internal import EdgeAPI
internal import EdgeAPIServer
internal import EdgeKubelet
internal import EdgeTransport

/// Reaches the kubelet of the server's own host: a call within the process.
struct LocalNode: NodeProxy {
    let nodeName: String
    let kubelet: KubeletHandler

    func forward(
        _ request: HTTPServerRequest, toNode node: String, target: String
    ) async throws -> HTTPServerResponse {
        guard node == nodeName else {
            throw APIStatus.serviceUnavailable("node \(node) is not connected to this server")
        }
        guard let forwarded = request.retargeted(target) else {
            throw APIStatus.badRequest("\(target) is no request target")
        }
        switch kubelet.handle(forwarded) {
        case .now(let response): return response
        case .later(let answer): return await answer()
        case .upgrade(let upgrade): return .upgrade(upgrade)
        }
    }
}
