internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore

extension ResourceHandler {
    func create() async throws -> HTTPServerResponse {
        let context = try writeContext()
        let body = try body(context)
        if let review = server.review(resource) {
            let body = try await server.registry.admitAction(
                .create, resource, namespace: namespace, name: body.name, subresource: "", body, context)
            try ReviewRules.check(body, of: resource, namespace: namespace)
            return .json(201, try review(body, user).value.encoded)
        }
        if resource.storageName == "bindings" {
            _ = try await server.registry.bind(namespace: namespace, name: body.name, binding: body, context)
            return .json(201, APIServer.success.encoded)
        }
        let object = try await server.registry.create(resource, namespace: namespace, body: body, context)
        return try response(201, object, context)
    }

    func update() async throws -> HTTPServerResponse {
        let context = try writeContext()
        let body = try body(context)
        let existed = server.store.get(server.registry.key(resource, namespace, info.name)) != nil
        let object = try await server.registry.update(
            resource, namespace: namespace, name: info.name, subresource: "", body: body, context)
        return try response(existed ? 200 : 201, object, context)
    }

    func patch() async throws -> HTTPServerResponse {
        var context = try writeContext()
        let patch = try PatchBody(request).decode(&context)
        let existed = server.store.get(server.registry.key(resource, namespace, info.name)) != nil
        if patch.kind == .apply, !existed {
            // Who applies what does not exist yet creates it.
            var creation = info
            creation.verb = RequestInfo.Verb.create.rawValue
            try server.authorize(user, creation)
        }
        let object = try await server.registry.patch(
            resource, namespace: namespace, name: info.name, subresource: "", patch: patch, context,
            served: served)
        return try response(existed ? 200 : 201, object, context)
    }

    func delete() async throws -> HTTPServerResponse {
        let (options, context) = try deleteOptions()
        let result = try await server.registry.delete(
            resource, namespace: namespace, name: info.name, options: options, context)
        switch result {
        case .pending(let object):
            let shown = try await server.registry.converted([object], resource)
            return try response(200, shown.first ?? object, context)
        case .deleted(let object):
            // Pods come back as they last were; for other kinds Kubernetes tells of the success.
            if resource.storageName == "pods" { return try response(200, object, context) }
            let uid = (try? APIObject(decoding: object))?.uid ?? ""
            return .json(200, APIServer.deleted(resource, name: info.name, uid: uid).encoded)
        }
    }

    func deleteCollection() async throws -> HTTPServerResponse {
        let (options, context) = try deleteOptions()
        let stored = try server.registry.list(resource, namespace: namespace, query: query())
        let page = try await server.registry.converted(stored, resource)
        try await server.registry.deleteCollection(resource, objects: page.objects, options: options, context)
        return HTTPServerResponse(
            200, headers: HTTPServerResponse.json, body: .pieces(try presentation().list(page)))
    }

    /// DeleteOptions from the body, overridden by nothing; the query gives what the body leaves out.
    func deleteOptions() throws -> (DeleteOptions, RequestContext) {
        var context = try writeContext()
        var options = DeleteOptions()
        if request.body.readableBytes > 0 {
            let kind = GroupVersionKind(group: "", version: "v1", kind: "DeleteOptions")
            let body = try BodyDecoder(kind).decodeAnyVersion(request, context)
            options.gracePeriodSeconds = body["gracePeriodSeconds"]?.int
            options.propagation = try Self.propagation(body["propagationPolicy"]?.string)
            if body["orphanDependents"]?.bool == true { options.propagation = .orphan }
            options.uid = body[path: "preconditions", "uid"]?.string
            options.resourceVersion = body[path: "preconditions", "resourceVersion"]?.string
            if body["dryRun"]?.strings.contains("All") == true { context.isDryRun = true }
        }
        if options.gracePeriodSeconds == nil, let text = request.queryValue("gracePeriodSeconds") {
            options.gracePeriodSeconds = Int64(text)
        }
        if options.propagation == nil {
            options.propagation = try Self.propagation(request.queryValue("propagationPolicy"))
        }
        if let seconds = options.gracePeriodSeconds, seconds < 0 { options.gracePeriodSeconds = 1 }
        return (options, context)
    }

    private static func propagation(_ text: String?) throws -> DeleteOptions.Propagation? {
        guard let text, !text.isEmpty else { return nil }
        guard let propagation = DeleteOptions.Propagation(rawValue: text) else {
            throw APIStatus.badRequest(
                "invalid propagationPolicy \"\(text)\": supported values: \"Background\", \"Foreground\", \"Orphan\""
            )
        }
        return propagation
    }
}

extension APIServer {
    static var success: JSONValue {
        ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201]
    }

    static func deleted(_ resource: ResourceDefinition, name: String, uid: String) -> JSONValue {
        var details: JSONObject = ["name": .string(name)]
        if !resource.group.isEmpty { details["group"] = .string(resource.group) }
        details["kind"] = .string(resource.resource)
        details["uid"] = .string(uid)
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
            "details": .object(details),
        ]
    }
}
