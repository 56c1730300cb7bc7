internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// Serves what only a node can: logs, exec, attach and port-forward of pods, and the proxy of nodes. The
/// request is checked here, turned into the kubelet's own address, and handed on byte for byte.
struct NodeRequestHandler: Sendable {
    private let handler: ResourceHandler
    private var info: RequestInfo { handler.info }
    private var server: APIServer { handler.server }
    private var request: HTTPServerRequest { handler.request }

    init(_ handler: ResourceHandler) {
        self.handler = handler
    }

    func handle() throws -> HTTPHandling {
        if info.subresource == "proxy" { return try ProxyHandler(handler).handle(admitConnection) }
        guard let (node, target) = try destination() else {
            return .now(.text(200, ""))
        }
        guard let nodes = server.nodes else {
            throw APIStatus.serviceUnavailable("the server cannot reach nodes yet")
        }
        return handler.apart {
            try await admitConnection()
            let answer = try await nodes.forward(request, toNode: node, target: target)
            if info.subresource == "log", let failure = Self.failure(answer) { throw failure }
            return answer
        }
    }

    /// Connections pass the webhooks that ask for them; a log is read, not connected to.
    @Sendable private func admitConnection() async throws {
        guard info.subresource != "log", let definition = handler.resource.subresource(info.subresource)
        else { return }
        let options = ConnectOptions(request, definition.kind, path: info.remainder.joined(separator: "/"))
        _ = try await server.registry.admitAction(
            .connect, handler.resource, namespace: info.namespace, name: info.name,
            subresource: info.subresource, options.object, try handler.writeContext())
    }

    /// What went wrong at the kubelet, which answers with plain text where the API answers with a Status.
    private static func failure(_ answer: HTTPServerResponse) -> APIStatus? {
        guard answer.status.code >= 400 else { return nil }
        let text: String
        switch answer.body {
        case .bytes(let bytes): text = String(decoding: bytes, as: UTF8.self)
        case .buffer(let buffer): text = String(decoding: buffer.readableBytesView, as: UTF8.self)
        default: return nil
        }
        let message = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return switch answer.status.code {
        case 400: .badRequest(message)
        case 404: APIStatus(code: 404, reason: .notFound, message: message)
        case 422: APIStatus(code: 422, reason: .invalid, message: message)
        case let code: APIStatus(code: code, reason: .internalError, message: message)
        }
    }

    /// Nil for the log of a pod that has no node yet: there is none.
    private func destination() throws -> (node: String, target: String)? {
        switch (handler.resource.storageName, info.subresource) {
        case ("pods", _): return try podDestination()
        default: throw APIServer.unknownPath
        }
    }

    private func podDestination() throws -> (node: String, target: String)? {
        let stored = try server.registry.get(handler.resource, namespace: info.namespace, name: info.name)
        let pod = Pod(try APIObject(decoding: stored))
        guard let node = pod.object[path: "spec", "nodeName"]?.string, !node.isEmpty else {
            if info.subresource == "log" {
                _ = try containerName(pod)
                return nil
            }
            throw APIStatus.badRequest("pod \(info.name) does not have a host assigned")
        }
        let path = "\(info.namespace)/\(info.name)"
        switch info.subresource {
        case "portforward":
            return (node, "/portForward/\(path)\(query(["ports"]))")
        case "log":
            let container = try containerName(pod)
            let names = [
                "follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes",
                "stream",
            ]
            return (node, "/containerLogs/\(path)/\(container)\(query(names))")
        default:
            let container = try containerName(pod)
            let phase = pod.object[path: "status", "phase"]?.string
            if phase == "Succeeded" || phase == "Failed" {
                throw APIStatus.badRequest(
                    "cannot exec or attach to a container in a completed pod; current phase is \(phase ?? "")"
                )
            }
            // The kubelet knows these by other names than the API.
            let renamed = ["stdin": "input", "stdout": "output", "stderr": "error"]
            return (
                node,
                "/\(info.subresource)/\(path)/\(container)\(query(["command", "stdin", "stdout", "stderr", "tty"], renamed))"
            )
        }
    }

    /// The container that the request names, or the only one, or the annotated default.
    private func containerName(_ pod: Pod) throws -> String {
        let named = request.queryValue("container") ?? ""
        let lists = ["containers", "initContainers", "ephemeralContainers"].map { list in
            (pod.object[path: "spec", list]?.array ?? []).compactMap { $0["name"]?.string }
        }
        if !named.isEmpty {
            guard lists.joined().contains(named) else {
                throw APIStatus.badRequest("container \(named) is not valid for pod \(info.name)")
            }
            return named
        }
        if let preset = pod.object[annotation: "kubectl.kubernetes.io/default-container"],
            lists[0].contains(preset)
        {
            return preset
        }
        guard lists[0].count == 1, let only = lists[0].first else {
            let inits =
                lists[1].isEmpty ? "" : " or one of the init containers: [\(lists[1].joined(separator: " "))]"
            throw APIStatus.badRequest(
                "a container name must be specified for pod \(info.name), choose one of: [\(lists[0].joined(separator: " "))]\(inits)"
            )
        }
        return only
    }

    /// The named items of the query, encoded again, under other names where `renamed` says so.
    private func query(_ names: [String], _ renamed: [String: String] = [:]) -> String {
        let items = request.query.filter { names.contains($0.name) }
            .map { "\(renamed[$0.name] ?? $0.name)=\(PercentCoding.encode($0.value))" }
        return items.isEmpty ? "" : "?" + items.joined(separator: "&")
    }
}
