internal import Crypto
internal import EdgeJSON

/// The opening handshake (RFC 6455 section 4).
public enum WebSocketHandshake {
    /// Whether a request asks for a WebSocket.
    public static func isRequested(_ request: HTTPServerRequest) -> Bool {
        request.head.upgradeProtocols.contains { ASCIIText.equal($0, "websocket") }
    }

    /// The sub-protocols that a client offers, in its order.
    public static func offeredProtocols(_ request: HTTPServerRequest) -> [String] {
        request.headers.list("Sec-WebSocket-Protocol")
    }

    /// The headers of the 101 answer; nil with the reason when the request is not a proper handshake.
    static func answer(_ request: HTTPServerRequest, chosen: String?) -> Result<HTTPHeaders, HTTPSyntaxError>
    {
        guard request.method == .get, isRequested(request) else {
            return .failure(HTTPSyntaxError("not a WebSocket handshake"))
        }
        guard request.headers["Sec-WebSocket-Version"] == "13" else {
            return .failure(HTTPSyntaxError("WebSocket version must be 13", status: 426))
        }
        guard let key = request.headers["Sec-WebSocket-Key"], Base64.decode(key)?.count == 16 else {
            return .failure(HTTPSyntaxError("bad Sec-WebSocket-Key"))
        }
        var headers: HTTPHeaders = ["Sec-WebSocket-Accept": acceptance(of: key)]
        if let chosen, !chosen.isEmpty { headers.add("Sec-WebSocket-Protocol", chosen) }
        return .success(headers)
    }

    /// What a server proves with that it understood the handshake.
    static func acceptance(of key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Base64.encode(Array(Insecure.SHA1.hash(data: Array(text.utf8))))
    }

    /// Opens a WebSocket as a client.
    ///
    /// - Throws: `HTTPClientError.upgradeRefused` when the server answers with something else.
    public static func connect(
        _ client: HTTPClient, _ url: HTTPURL, protocols: [String], headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(30)
    ) async throws -> WebSocketConnection {
        let key = Base64.encode(SecureRandom.bytes(16))
        var request = HTTPClientRequest(.get, url, headers: headers, timeout: timeout)
        request.headers["Sec-WebSocket-Version"] = "13"
        request.headers["Sec-WebSocket-Key"] = key
        if !protocols.isEmpty {
            request.headers["Sec-WebSocket-Protocol"] = protocols.joined(separator: ", ")
        }
        let (head, stream) = try await client.upgrade(request, to: "websocket")
        let chosen = head.fields["Sec-WebSocket-Protocol"]
        guard head.fields["Sec-WebSocket-Accept"] == acceptance(of: key),
            chosen.map({ protocols.contains($0) }) ?? true
        else {
            stream.close()
            throw StreamError.protocolViolation("the server's WebSocket handshake does not fit ours")
        }
        return WebSocketConnection(stream: stream, role: .client, subprotocol: chosen)
    }
}
