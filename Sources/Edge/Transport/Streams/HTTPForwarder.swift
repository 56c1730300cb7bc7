internal import NIOCore

/// Passes requests on to another server as a reverse proxy does (RFC 9110 section 7.6): with the fields that
/// are meant for the far end, and the answer's body as it arrives. Upgrades become byte streams.
public enum HTTPForwarder {
    /// What concerns one connection only, and what the HTTP server writes itself.
    private static let connectionFields: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade", "content-length", "host", "date", "expect",
    ]

    /// What is meant for this server alone: nobody behind it may see or believe it.
    private static let ownFields: Set<String> = [
        "authorization", "x-remote-user", "x-remote-uid", "x-remote-group",
    ]

    /// The fields of a request that the far end is to see, its origin added to them.
    public static func fields(of request: HTTPServerRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let named = Set(request.headers.list("connection").map { $0.lowercased() })
        var origin = request.headers.values("x-forwarded-for")
        for field in request.headers.all {
            let name = field.name.lowercased()
            guard !connectionFields.contains(name), !ownFields.contains(name), !named.contains(name),
                !name.hasPrefix("x-remote-extra-"), !name.hasPrefix("impersonate-"),
                name != "x-forwarded-for"
            else { continue }
            headers.add(field.name, field.value)
        }
        if let peer = request.connection.peerAddress { origin.append("\(peer)") }
        if !origin.isEmpty { headers.add("X-Forwarded-For", origin.joined(separator: ", ")) }
        return headers
    }

    /// - Parameters:
    ///   - headers: added to the request's own, in their place where they have the same name.
    ///   - timeout: until the head of the answer; nil for no limit.
    /// - Throws: why the far end gave no answer.
    public static func forward(
        _ request: HTTPServerRequest, to url: HTTPURL, by client: HTTPClient, headers: HTTPHeaders = [:],
        timeout: Duration? = nil
    ) async throws -> HTTPServerResponse {
        var fields = fields(of: request)
        for field in headers.fields { fields[field.name] = nil }
        for field in headers.fields { fields.add(field.name, field.value) }
        if !request.head.upgradeProtocols.isEmpty {
            return await StreamProxy.forward(request, to: url, by: client, fields: fields)
        }
        let answer = try await client.execute(
            HTTPClientRequest(request.method, url, headers: fields, body: request.body, timeout: timeout))
        var response = HTTPServerResponse(answer.status, headers: self.fields(of: answer.headers))
        let body = answer.body
        response.body = .writer(length: answer.head.contentLength) { writer in
            while let part = try await body.next() { try await writer.write(part) }
        }
        return response
    }

    static func fields(of answer: HTTPFieldBlock) -> HTTPHeaders {
        let named = Set(answer.list("connection").map { $0.lowercased() })
        var headers = HTTPHeaders()
        for field in answer.all {
            let name = field.name.lowercased()
            if !connectionFields.contains(name), !named.contains(name) {
                headers.add(field.name, field.value)
            }
        }
        return headers
    }
}
