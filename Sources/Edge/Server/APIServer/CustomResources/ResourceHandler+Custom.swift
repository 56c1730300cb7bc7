internal import EdgeAPI
internal import EdgeBase
internal import EdgeTransport

/// Reads of custom resources.
extension ResourceHandler {
    func readCustom(_ verb: RequestInfo.Verb, _ custom: CustomResource) throws -> HTTPHandling {
        guard custom.needsWebhook else { return .now(withDeprecation(try readNow(verb))) }
        return later { withDeprecation(try await readConverted(verb)) }
    }

    private func withDeprecation(_ response: HTTPServerResponse) -> HTTPServerResponse {
        guard let warning = resource.deprecationWarning else { return response }
        var response = response
        let context = RequestContext(user: user)
        context.warnings.add(warning)
        addWarnings(context, to: &response)
        return response
    }

    /// What is in another version goes through the conversion webhook first.
    private func readConverted(_ verb: RequestInfo.Verb) async throws -> HTTPServerResponse {
        let presentation = try presentation()
        switch verb {
        case .get:
            let stored = try server.registry.get(resource, namespace: namespace, name: info.name)
            let objects = try await server.registry.converted([stored], resource)
            return .json(200, presentation.single(objects.first ?? stored))
        case .watch:
            let registry = server.registry
            let resource = resource
            let body = try await server.convertedWatch(
                resource, namespace: scope, query: try query(), WatchEncoder(presentation)
            ) { try await registry.converted($0, resource) }
            return HTTPServerResponse(200, headers: HTTPServerResponse.json, body: .pulled(body))
        default:
            let stored = try server.registry.list(resource, namespace: scope, query: try query())
            let page = try await server.registry.converted(stored, resource)
            return HTTPServerResponse(
                200, headers: HTTPServerResponse.json, body: .pieces(presentation.list(page)))
        }
    }
}
