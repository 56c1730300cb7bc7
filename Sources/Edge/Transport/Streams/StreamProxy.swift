internal import NIOCore

/// Passes an upgrade request on to another server and then both directions byte for byte: the API server's
/// way to the kubelet for exec, attach and port-forward, and to pods and services behind the proxy
/// sub-resource.
public enum StreamProxy {
    /// What of a request must reach the other side for the upgrade to work.
    private static let passedHeaders = [
        "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions",
        "X-Stream-Protocol-Version", "Origin", "User-Agent",
    ]

    /// The headers of a 101 answer that the client must see.
    private static let returnedHeaders = [
        "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions",
        "X-Stream-Protocol-Version",
    ]

    /// The answer for the client: the spliced upgrade, the refusal of the other side, or 502.
    ///
    /// - Parameters:
    ///   - url: where the request goes.
    ///   - headers: added to the request, such as the identity to act as.
    public static func forward(
        _ request: HTTPServerRequest, to url: HTTPURL, by client: HTTPClient, headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(30)
    ) async -> HTTPServerResponse {
        guard let name = request.head.upgradeProtocols.first else {
            return .text(400, "Upgrade request required\n")
        }
        var forwarded = HTTPClientRequest(request.method, url, headers: headers, timeout: timeout)
        for name in passedHeaders {
            for value in request.headers.values(name) { forwarded.headers.add(name, value) }
        }
        do {
            let (head, backend) = try await client.upgrade(forwarded, to: name)
            var answered: HTTPHeaders = [:]
            for name in returnedHeaders {
                for value in head.fields.values(name) { answered.add(name, value) }
            }
            let agreed = head.fields["Upgrade"] ?? name
            return .upgrade(
                HTTPUpgrade(protocolName: agreed, headers: answered) { stream in
                    await StreamSplice.run(stream, backend)
                })
        } catch HTTPClientError.upgradeRefused(let head, let body) {
            var response = HTTPServerResponse(head.status == 101 ? 502 : head.status, body: .buffer(body))
            if let type = head.fields["Content-Type"] { response.headers.add("Content-Type", type) }
            return response
        } catch {
            return .text(502, "error dialing backend: \(error)\n")
        }
    }
}
