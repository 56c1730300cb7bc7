internal import NIOCore

/// Serves one forwarded connection: `port` is the pod's, the stream is the client's. Returns when both
/// directions are done; an error that it throws is shown to the client.
public typealias PortForwardHandler = @Sendable (_ port: Int, _ client: any ByteStream) async throws -> Void

/// The server's side of port-forward over its three carriers: SPDY, SPDY in a WebSocket, and WebSocket
/// channels.
public enum PortForwardServer {
    static let protocolName = "portforward.k8s.io"
    static let tunnelProtocol = "SPDY/3.1+portforward.k8s.io"

    /// The answer to a port-forward request: the upgrade that serves connections, or a refusal.
    public static func answer(
        _ request: HTTPServerRequest, handler: @escaping PortForwardHandler
    ) -> HTTPServerResponse {
        if WebSocketHandshake.isRequested(request) {
            let offered = WebSocketHandshake.offeredProtocols(request)
            if offered.contains(tunnelProtocol) { return answerTunnel(request, handler) }
            return WebSocketPortForward.answer(request, offered, handler)
        }
        guard request.head.upgradeProtocols.contains(where: { ASCIIText.equal($0, "SPDY/3.1") }) else {
            return .text(400, "Upgrade request required\n")
        }
        switch SPDYHandshake.negotiate(request, supported: [protocolName]) {
        case .failure(let refusal): return refusal.response
        case .success(let name):
            return SPDYHandshake.answer(chosen: name) { await SPDYPortForward.serve($0, handler) }
        }
    }

    private static func answerTunnel(
        _ request: HTTPServerRequest, _ handler: @escaping PortForwardHandler
    ) -> HTTPServerResponse {
        WebSocketConnection.upgrade(request, subprotocol: tunnelProtocol) { socket in
            guard let session = try? SPDYSession(carrier: WebSocketByteStream(socket), role: .server) else {
                return
            }
            await session.run { await SPDYPortForward.serve(session, handler) }
        }
    }

    /// What the client is told when a connection could not be served.
    static func message(_ port: Int, _ error: any Error) -> String {
        "error forwarding port \(port): \(error)"
    }
}
