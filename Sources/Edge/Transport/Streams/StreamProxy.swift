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

    /// The answer for the client: the spliced upgrade, the refusal of the other side, or 502.
    ///
    /// - Parameters:
    ///   - url: where the request goes.
    ///   - headers: added to the request, such as the identity to act as.
    public static func forward(
        _ request: HTTPServerRequest, to url: HTTPURL, by client: HTTPClient, headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(30)
    ) async -> HTTPServerResponse {
        var fields = headers
        for name in passedHeaders {
            for value in request.headers.values(name) { fields.add(name, value) }
        }
        return await forward(request, to: url, by: client, fields: fields, timeout: timeout)
    }

    /// The same with all the fields that are sent.
    static func forward(
        _ request: HTTPServerRequest, to url: HTTPURL, by client: HTTPClient, fields: HTTPHeaders,
        timeout: Duration = .seconds(30)
    ) async -> HTTPServerResponse {
        guard let name = request.head.upgradeProtocols.first else {
            return .text(400, "Upgrade request required\n")
        }
        let forwarded = HTTPClientRequest(
            request.method, url, headers: fields, body: request.body, timeout: timeout)
        do {
            let (head, backend) = try await client.upgrade(forwarded, to: name)
            let agreed = head.fields["Upgrade"] ?? name
            return .upgrade(
                HTTPUpgrade(protocolName: agreed, headers: HTTPForwarder.fields(of: head.fields)) { stream in
                    await StreamSplice.run(stream, backend)
                })
        } catch HTTPClientError.upgradeRefused(let head, let body) {
            return HTTPServerResponse(
                head.status == 101 ? 502 : head.status, headers: HTTPForwarder.fields(of: head.fields),
                body: .buffer(body))
        } catch {
            return .text(502, "error dialing backend: \(error)\n")
        }
    }
}
