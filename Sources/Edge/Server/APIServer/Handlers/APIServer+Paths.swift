internal import EdgeAPI
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport

/// The paths that are no resources.
extension APIServer {
    func pathResponse(_ request: HTTPServerRequest, _ user: UserInfo) throws -> HTTPHandling {
        if request.path == Self.encryptionPath { return try encryptionResponse(request) }
        guard request.method == .get || request.method == .head else {
            throw APIStatus(
                code: 405, reason: .methodNotAllowed,
                message: "the server does not allow this method on the requested resource")
        }
        let first = request.segments.first
        if first == nil || first == "api" || first == "apis",
            let response = discovery.response(
                segments: request.segments, accept: request.headers["accept"],
                ifNoneMatch: request.headers["if-none-match"])
        {
            return .now(response)
        }
        if first == "openapi" {
            if let merged = mergedOpenAPI(request) { return merged }
            guard
                let response = openAPI.response(
                    segments: request.segments, accept: request.headers["accept"],
                    ifNoneMatch: request.headers["if-none-match"])
            else { throw Self.unknownPath }
            return .now(response)
        }
        if request.path == NodeTunnelPath.path { return .now(try tunnel(request, user)) }
        return .now(try plainResponse(request))
    }

    /// A node's own end only: what goes through the tunnel is meant for this node.
    private func tunnel(_ request: HTTPServerRequest, _ user: UserInfo) throws -> HTTPServerResponse {
        guard let node = user.nodeName else {
            throw APIStatus.forbidden("", "", "user \"\(user.name)\" is not a node")
        }
        guard let nodes else { throw APIStatus.serviceUnavailable("the server takes no tunnels yet") }
        return nodes.connect(request, from: node)
    }

    private func plainResponse(_ request: HTTPServerRequest) throws -> HTTPServerResponse {
        // Some clients ask for `/version/`.
        switch "/" + request.segments.joined(separator: "/") {
        case "/version": return .json(200, version.encoded)
        case "/cacerts": return .text(200, String(decoding: configuration.serverCA, as: UTF8.self))
        case "/metrics": return metricsResponse()
        case "/.well-known/openid-configuration": return .json(200, tokens.discoveryDocument.encoded)
        case "/openid/v1/jwks":
            return HTTPServerResponse(
                200, headers: ["Content-Type": "application/jwk-set+json"],
                body: .bytes(tokens.keySet.encoded))
        default: break
        }
        switch request.segments.first {
        case "healthz", "livez": return health(request, pending: [])
        case "readyz": return health(request, pending: pendingChecks)
        default: throw Self.unknownPath
        }
    }

    /// What Kubernetes answers where nothing is.
    static var unknownPath: APIStatus {
        APIStatus(
            code: 404, reason: .notFound, message: "the server could not find the requested resource",
            details: APIStatus.Details())
    }

    private var version: JSONValue {
        let parts = configuration.gitVersion.dropFirst().split(separator: ".")
        return [
            "major": .string(parts.first.map(String.init) ?? ""),
            "minor": .string(parts.count > 1 ? String(parts[1]) : ""),
            "gitVersion": .string(configuration.gitVersion), "gitCommit": .string(configuration.gitCommit),
            "gitTreeState": "clean", "buildDate": .string(configuration.buildDate), "goVersion": "",
            "compiler": "swift", "platform": .string(configuration.platform),
        ]
    }

    private func health(_ request: HTTPServerRequest, pending: [String]) -> HTTPServerResponse {
        let isVerbose = request.queryValue("verbose") != nil
        if pending.isEmpty {
            return .text(
                200, isVerbose ? "[+]ping ok\n[+]storage ok\n\(request.segments[0]) check passed\n" : "ok")
        }
        let lines = pending.map { "[-]\($0) failed: not ready yet\n" }.joined()
        return .text(500, "[+]ping ok\n\(lines)\(request.segments[0]) check failed\n")
    }
}
