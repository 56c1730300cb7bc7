/// The upgrade of an HTTP request to SPDY/3.1 with Kubernetes' negotiation of the protocol on top of it.
enum SPDYHandshake {
    static let versionHeader = "X-Stream-Protocol-Version"

    /// The first of the client's protocols that is supported, or the answer that refuses.
    static func negotiate(
        _ request: HTTPServerRequest, supported: [String]
    ) -> Result<String, Refusal> {
        let offered = request.headers.list(versionHeader)
        guard !offered.isEmpty else {
            let text = "unable to upgrade: header \(versionHeader) does not exist in request\n"
            return .failure(Refusal(response: .text(400, text)))
        }
        if let chosen = offered.first(where: { supported.contains($0) }) { return .success(chosen) }
        var response = HTTPServerResponse.text(
            403,
            "unable to upgrade: unable to negotiate protocol: "
                + "client supports \(offered), server accepts \(supported)\n"
        )
        for name in supported { response.headers.add("X-Accepted-Stream-Protocol-Versions", name) }
        return .failure(Refusal(response: response))
    }

    struct Refusal: Error {
        let response: HTTPServerResponse
    }

    /// The 101 answer; `body` runs with the session on the connection.
    static func answer(
        chosen: String, _ body: @escaping @Sendable (SPDYSession) async -> Void
    ) -> HTTPServerResponse {
        let headers: HTTPHeaders = [versionHeader: chosen]
        return .upgrade(
            HTTPUpgrade(protocolName: "SPDY/3.1", headers: headers) { stream in
                guard let session = try? SPDYSession(carrier: stream, role: .server) else { return }
                await session.run { await body(session) }
            })
    }
}
