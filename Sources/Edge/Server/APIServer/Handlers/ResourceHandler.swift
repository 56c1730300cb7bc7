internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// Serves one request for a resource.
struct ResourceHandler: Sendable {
    let server: APIServer
    let request: HTTPServerRequest
    let info: RequestInfo
    let user: UserInfo
    /// The audit's account of the request, if there is one.
    let record: AuditRecord?
    /// The resource in the version of the request.
    let served: ResourceDefinition
    /// The resource in the version in which its objects are stored; mostly the same.
    let resource: ResourceDefinition

    init(
        server: APIServer, request: HTTPServerRequest, info: RequestInfo, user: UserInfo,
        record: AuditRecord? = nil
    ) throws {
        guard
            let served = ServedResources.find(
                group: info.group, version: info.version, resource: info.resource)
                ?? server.customResources.find(
                    group: info.group, version: info.version, resource: info.resource)
        else { throw APIServer.unknownPath }
        guard served.isNamespaced || info.namespace.isEmpty || info.resource == "namespaces" else {
            throw APIServer.unknownPath
        }
        self.server = server
        self.request = request
        self.info = info
        self.user = user
        self.record = record
        self.served = served
        resource = ServedResources.stored(served)
    }

    /// The namespace that objects are in; "" for a cluster-scoped resource.
    var namespace: String { resource.isNamespaced ? info.namespace : "" }

    func handle() throws -> HTTPHandling {
        if !info.subresource.isEmpty { return try SubresourceHandler(self).handle() }
        guard let verb = info.resourceVerb, resource.verbs.contains(verb.permission) else {
            throw Self.methodNotAllowed
        }
        if resource.isNamespaced, namespace.isEmpty, ![.list, .watch].contains(verb) {
            throw APIServer.unknownPath
        }
        switch verb {
        case .get, .list, .watch: return try read(verb)
        case .create: return later { try await create() }
        case .update: return later { try await update() }
        case .patch: return later { try await patch() }
        case .delete: return later { try await delete() }
        case .deletecollection: return apart { try await deleteCollection() }
        }
    }

    static var methodNotAllowed: APIStatus {
        APIStatus(
            code: 405, reason: .methodNotAllowed,
            message: "the server does not allow this method on the requested resource")
    }

    /// Up to this size a body is decoded on the event loop: some tens of microseconds for what is usual.
    private static let maximumOnLoop = 64 * 1024

    /// Answers when a write has been committed.
    func later(_ body: @escaping @Sendable () async throws -> HTTPServerResponse) -> HTTPHandling {
        guard request.body.readableBytes <= Self.maximumOnLoop else { return apart(body) }
        return .onLoop {
            do { return try await body() } catch { return APIServer.response(to: error) }
        }
    }

    /// Answers from the common pool of threads, since there is much to compute.
    func apart(_ body: @escaping @Sendable () async throws -> HTTPServerResponse) -> HTTPHandling {
        .later {
            do { return try await body() } catch { return APIServer.response(to: error) }
        }
    }

    /// The body in the version in which it is stored.
    func body(_ context: RequestContext) throws -> APIObject {
        let body = try BodyDecoder(resource: served).decode(request, context)
        record?.note(requestObject: body.value)
        guard !served.isStorageVersion else { return body }
        if served.kind == "Event", info.resourceVerb == .create {
            try Registry.requireValid(EventRules.validateCreate(body), served, body.name)
        }
        return try BodyDecoder(resource: resource).canonical(
            VersionConversion.stored(body, from: served), context)
    }

    // MARK: Options

    /// The context of a write, from its query.
    func writeContext() throws -> RequestContext {
        var context = RequestContext(user: user, record: record)
        context.served = served
        if let warning = resource.deprecationWarning { context.warnings.add(warning) }
        for value in request.head.target.values("dryRun") where !value.isEmpty {
            guard value == "All" else {
                throw APIStatus.badRequest("Invalid value: [\"\(value)\"]: supported values: \"All\"")
            }
            context.isDryRun = true
        }
        if let text = request.queryValue("fieldValidation"), !text.isEmpty {
            guard let validation = RequestContext.FieldValidation(rawValue: text) else {
                throw APIStatus.badRequest(
                    "fieldValidation: Unsupported value: \"\(text)\": supported values: \"Ignore\", \"Strict\", \"Warn\""
                )
            }
            context.fieldValidation = validation
            context.requestedValidation = validation
        }
        context.fieldManager = try Self.checked(fieldManager: request.queryValue("fieldManager") ?? "")
        context.agent = RequestContext.agent(request.headers["user-agent"] ?? "")
        return context
    }

    private static func checked(fieldManager: String) throws(APIStatus) -> String {
        let maximum = 128
        var errors: [FieldError] = []
        if fieldManager.utf8.count > maximum {
            errors.append(
                FieldError(.tooLong, "fieldManager", detail: "may not be more than \(maximum) bytes"))
        }
        if let character = fieldManager.unicodeScalars.first(where: { !RequestContext.isPrintable($0) }) {
            errors.append(
                FieldError(
                    .invalid, "fieldManager", value: .string(fieldManager),
                    detail:
                        "should only contain printable characters, not U+\(String(character.value, radix: 16))"
                ))
        }
        guard errors.isEmpty else {
            throw .invalid(kind: "PatchOptions", group: "meta.k8s.io", name: "", errors)
        }
        return fieldManager
    }

    func presentation() throws -> ObjectPresentation {
        var presentation = ObjectPresentation(
            resource: served, representation: try Representation(accept: request.headers["accept"]),
            clock: server.clock)
        if let text = request.queryValue("includeObject"), !text.isEmpty {
            guard let include = TablePrinter.IncludeObject(rawValue: text) else {
                throw APIStatus.badRequest("includeObject: unrecognized value \"\(text)\"")
            }
            presentation.includeObject = include
        }
        return presentation
    }

    /// An object as the answer to a write, with the warnings that came up.
    func response(_ status: HTTPStatus, _ object: EncodedObject, _ context: RequestContext) throws
        -> HTTPServerResponse
    {
        var response = HTTPServerResponse.json(status, try presentation().single(object))
        addWarnings(context, to: &response)
        return response
    }

    func addWarnings(_ context: RequestContext, to response: inout HTTPServerResponse) {
        for text in context.warnings.all {
            let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            response.headers.add("Warning", "299 - \"\(quoted)\"")
        }
    }
}

extension RequestInfo.Verb {
    var permission: APIVerb {
        switch self {
        case .get: .get
        case .list: .list
        case .watch: .watch
        case .create: .create
        case .update: .update
        case .patch: .patch
        case .delete: .delete
        case .deletecollection: .deleteCollection
        }
    }
}
