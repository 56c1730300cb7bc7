internal import EdgeAPI
internal import EdgeBase
public import EdgeTransport
internal import NIOCore

/// Serves the proxy subresources of pods, Services and nodes: what follows them in the path is asked there,
/// with the method, the body and the fields of the request, upgrades included.
struct ProxyHandler: Sendable {
    /// Bodies on their way through are held as a whole, and may be larger than an object.
    static let bodyLimit = 64 * 1024 * 1024

    private let handler: ResourceHandler
    private var info: RequestInfo { handler.info }
    private var server: APIServer { handler.server }
    private var request: HTTPServerRequest { handler.request }
    private let path: ProxyPath

    init(_ handler: ResourceHandler) {
        self.handler = handler
        path = ProxyPath(
            path: handler.request.path, segments: handler.request.segments.count,
            remainder: handler.info.remainder.count)
    }

    /// - Parameter admit: admission of the connection.
    func handle(_ admit: @escaping @Sendable () async throws -> Void) throws -> HTTPHandling {
        let query = request.head.target.rawQuery.map { "?\($0)" } ?? ""
        if path.target.isEmpty, request.method == .get || request.method == .head,
            request.head.upgradeProtocols.isEmpty
        {
            return .now(HTTPServerResponse(301, headers: ["Location": request.path + "/" + query]))
        }
        let target = (path.target.hasPrefix("/") ? "" : "/") + path.target + query
        let places = ProxyTarget(store: server.store)
        return handler.apart {
            try await admit()
            switch info.resource {
            case "pods": return try await pass(to: places.pod(info.name, namespace: info.namespace), target)
            case "services":
                return try await pass(to: places.service(info.name, namespace: info.namespace), target)
            default:
                let (node, address) = try places.node(info.name)
                if let address { return try await pass(to: address, target) }
                guard let nodes = server.nodes else {
                    throw APIStatus.serviceUnavailable("the server cannot reach nodes yet")
                }
                return try await nodes.forward(request, toNode: node, target: target)
            }
        }
    }

    private func pass(to address: ProxyTarget.Address, _ target: String) async throws -> HTTPServerResponse {
        let url = HTTPURL(
            isEncrypted: address.isEncrypted, host: address.host, port: address.port, target: target)
        // Certificates of pods carry no name that could be checked.
        let client = try server.outbound.client(
            for: OutboundDestination(
                place: .address(host: address.host, port: address.port), trust: .anybody))
        var headers: HTTPHeaders = ["X-Forwarded-Uri": path.prefix + path.target]
        if let host = request.headers["host"] { headers.add("X-Forwarded-Host", host) }
        headers.add("X-Forwarded-Proto", request.connection.isEncrypted ? "https" : "http")
        do {
            var response = try await HTTPForwarder.forward(request, to: url, by: client, headers: headers)
            if let location = response.headers["Location"] {
                response.headers["Location"] = path.location(location, host: url.authority)
            }
            return response
        } catch let error as APIStatus {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw APIStatus.serviceUnavailable("error trying to reach service: \(error)")
        }
    }
}

extension APIServer {
    public func bodyLimit(_ head: HTTPRequestHead, _ connection: HTTPConnection) -> Int {
        let segments = head.target.segments
        guard segments.contains("proxy") else { return Self.defaultBodyLimit }
        // Strangers may not fill the memory.
        let request = HTTPServerRequest(head: head, body: ByteBuffer(), connection: connection)
        let user = try? authenticator.user(of: request)
        guard let user, user.name != UserInfo.anonymous.name, isPassedOn(segments) else {
            return Self.defaultBodyLimit
        }
        return ProxyHandler.bodyLimit
    }

    private func isPassedOn(_ segments: [String]) -> Bool {
        let info = RequestInfo(method: "GET", path: "", segments: segments)
        return info.subresource == "proxy"
    }
}
