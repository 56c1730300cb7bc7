internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeTransport

/// Serves the subresources: `status` and `finalize` are partial updates, `scale` is another view of the
/// replicas, the rest are actions.
struct SubresourceHandler: Sendable {
    private let handler: ResourceHandler
    private var info: RequestInfo { handler.info }
    private var server: APIServer { handler.server }
    private var resource: ResourceDefinition { handler.resource }
    private var request: HTTPServerRequest { handler.request }
    private var namespace: String { handler.namespace }

    init(_ handler: ResourceHandler) {
        self.handler = handler
    }

    func handle() throws -> HTTPHandling {
        guard let subresource = resource.subresource(info.subresource) else { throw APIServer.unknownPath }
        switch info.subresource {
        case "status", "finalize", "approval", "ephemeralcontainers", "resize":
            return try part(subresource)
        case "scale": return try scale(subresource)
        case "binding", "eviction", "token":
            guard info.verb == "create" else { throw ResourceHandler.methodNotAllowed }
            return handler.later { try await act(subresource) }
        case "log", "exec", "attach", "portforward", "proxy":
            return try NodeRequestHandler(handler).handle()
        default: throw APIServer.unknownPath
        }
    }

    // MARK: Parts of an object

    private func part(_ subresource: SubresourceDefinition) throws -> HTTPHandling {
        switch info.verb {
        case "get": return try handler.read(.get)
        case "update":
            return handler.later {
                let context = try handler.writeContext()
                let body = try handler.body(context)
                let object = try await server.registry.update(
                    resource, namespace: namespace, name: info.name, subresource: info.subresource,
                    body: body, context)
                return try handler.response(200, object, context)
            }
        case "patch":
            return handler.later {
                var context = try handler.writeContext()
                let patch = try PatchBody(request).decode(&context)
                let object = try await server.registry.patch(
                    resource, namespace: namespace, name: info.name, subresource: info.subresource,
                    patch: patch, context, served: handler.served)
                return try handler.response(200, object, context)
            }
        default: throw ResourceHandler.methodNotAllowed
        }
    }

    // MARK: Scale

    private func scale(_ subresource: SubresourceDefinition) throws -> HTTPHandling {
        switch info.verb {
        case "get":
            let stored = try server.registry.get(resource, namespace: namespace, name: info.name)
            if let paths = resource.custom?.version.scale {
                return handler.later {
                    let object = try await server.registry.decoded(stored, resource)
                    return .json(200, try CustomScale.existing(of: object, paths).value.encoded)
                }
            }
            return .now(.json(200, Scale.view(of: try APIObject(decoding: stored)).value.encoded))
        case "update", "patch":
            return handler.later {
                var context = try handler.writeContext()
                let patch = info.verb == "patch" ? try PatchBody(request).decode(&context) : nil
                let body = patch == nil ? try BodyDecoder(subresource.kind).decode(request, context) : nil
                let stored = try await server.registry.scale(
                    resource, namespace: namespace, name: info.name, body: body, patch: patch, context)
                let object = try await server.registry.decoded(stored, resource)
                return .json(200, try Scale.view(of: object, resource).value.encoded)
            }
        default: throw ResourceHandler.methodNotAllowed
        }
    }

    // MARK: Actions

    private func act(_ subresource: SubresourceDefinition) async throws -> HTTPServerResponse {
        let context = try handler.writeContext()
        let body = try BodyDecoder(subresource.kind).decode(request, context)
        let result = try await server.act(
            resource, namespace: namespace, name: info.name, subresource: info.subresource, body: body,
            context)
        var response = HTTPServerResponse.json(201, result.encoded)
        handler.addWarnings(context, to: &response)
        return response
    }
}

extension APIServer {
    /// An action by posting to a subresource; the answer is what the client sees.
    func act(
        _ resource: ResourceDefinition, namespace: String, name: String, subresource: String, body: APIObject,
        _ context: RequestContext
    ) async throws -> JSONValue {
        switch subresource {
        case "binding":
            _ = try await registry.bind(namespace: namespace, name: name, binding: body, context)
            return Self.success
        case "eviction":
            try await registry.evict(resource, namespace: namespace, name: name, eviction: body, context)
            return Self.success
        case "token":
            let body = try await registry.admitAction(
                .create, resource, namespace: namespace, name: name, subresource: "token", body, context)
            return try tokens.request(
                namespace: namespace, account: name, request: body
            ).value
        default: throw Self.unknownPath
        }
    }
}
