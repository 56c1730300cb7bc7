public import EdgeAPI
public import EdgeBase
public import EdgeJSON

/// The API of a server on another host (or in another process), over HTTP.
public struct HTTPAPIClient: APIClient {
    private static let pageSize = 500

    public let rest: RESTClient
    public let mapper: ResourceMapper

    public init(_ rest: RESTClient, mapper: ResourceMapper) {
        self.rest = rest
        self.mapper = mapper
    }

    public init(_ rest: RESTClient) {
        self.init(rest, mapper: ResourceMapper(rest))
    }

    public func get(_ key: ObjectKey) async throws -> EncodedObject {
        let resource = try await resolve(key.resource)
        return try await object(resource, RESTRequest("GET", path(resource, key)))
    }

    public func list(
        _ resource: String, namespace: String?, options: ListOptions
    ) async throws -> ObjectList {
        let resource = try await resolve(resource)
        if options.limit != nil || options.continueToken != nil {
            let page = try await page(resource, namespace: namespace, options: options)
            return ObjectList(
                objects: page.objects, revision: page.revision, continueToken: page.continueToken)
        }
        return try await allPages(resource, namespace: namespace, options: options)
    }

    /// Reads page after page; when the server has forgotten the page's revision meanwhile, the whole list at
    /// once.
    func allPages(
        _ resource: APIResource, namespace: String?, options: ListOptions
    ) async throws -> ObjectList {
        var options = options
        options.limit = Self.pageSize
        var objects: [EncodedObject] = []
        while true {
            let page: HTTPObjectDecoder.Page
            do {
                page = try await self.page(resource, namespace: namespace, options: options)
            } catch let status as APIStatus where status.code == 410 && options.continueToken != nil {
                options.limit = nil
                options.continueToken = nil
                objects = []
                continue
            }
            objects += page.objects
            guard let token = page.continueToken else {
                return ObjectList(objects: objects, revision: page.revision)
            }
            options.continueToken = token
        }
    }

    private func page(
        _ resource: APIResource, namespace: String?, options: ListOptions
    ) async throws -> HTTPObjectDecoder.Page {
        var query: [RESTRequest.Field] = []
        if !options.labelSelector.isEmpty { query.append(.init("labelSelector", options.labelSelector)) }
        if !options.fieldSelector.isEmpty { query.append(.init("fieldSelector", options.fieldSelector)) }
        if let limit = options.limit { query.append(.init("limit", String(limit))) }
        if let token = options.continueToken { query.append(.init("continue", token)) }
        let bytes = try await rest.bytes(
            RESTRequest(
                "GET", RESTPath.path(resource, namespace: namespace ?? ""), query: query,
                headers: [Self.acceptJSON]))
        return try HTTPObjectDecoder(resource: resource).page(bytes)
    }

    public func create(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
        let resource = try await resolve(resource)
        let path = RESTPath.path(resource, namespace: object.namespace)
        return try await self.object(resource, Self.request("POST", path, object.value))
    }

    public func post(
        _ key: ObjectKey, subresource: String, _ object: APIObject
    ) async throws -> APIObject {
        let resource = try await resolve(key.resource)
        let request = Self.request("POST", path(resource, key, subresource), object.value)
        let value = try await rest.json(request)
        return APIObject(value) ?? APIObject(JSONObject())
    }

    public func update(
        _ resource: String, _ object: APIObject, subresource: String?
    ) async throws -> EncodedObject {
        let resource = try await resolve(resource)
        let key = resource.key(namespace: object.namespace, name: object.name)
        return try await self.object(
            resource, Self.request("PUT", path(resource, key, subresource), object.value))
    }

    public func patch(_ key: ObjectKey, _ patch: Patch, subresource: String?) async throws -> EncodedObject {
        let resource = try await resolve(key.resource)
        return try await object(
            resource,
            Self.request(
                "PATCH", path(resource, key, subresource), patch.body, contentType: patch.kind.rawValue))
    }

    public func delete(_ key: ObjectKey, options: DeleteOptions) async throws {
        let resource = try await resolve(key.resource)
        _ = try await rest.bytes(Self.request("DELETE", path(resource, key), options.value))
    }

    private static let acceptJSON = RESTRequest.Field("Accept", "application/json")

    private static func request(
        _ method: String, _ path: String, _ body: JSONValue, contentType: String = "application/json"
    ) -> RESTRequest {
        RESTRequest(
            method, path, headers: [acceptJSON, .init("Content-Type", contentType)], body: body.encoded)
    }

    /// A resource that the server does not have is one that is not found.
    func resolve(_ resource: String) async throws -> APIResource {
        do {
            return try await mapper.resource(named: resource)
        } catch is ResourceNotFound {
            throw APIStatus(
                code: 404, reason: .notFound, message: "the server could not find the requested resource")
        }
    }

    private func path(_ resource: APIResource, _ key: ObjectKey, _ subresource: String? = nil) -> String {
        RESTPath.path(resource, namespace: key.namespace, name: key.name, subresource: subresource)
    }

    private func object(_ resource: APIResource, _ request: RESTRequest) async throws -> EncodedObject {
        var request = request
        if request.header("Accept") == nil { request.headers.append(Self.acceptJSON) }
        let bytes = try await rest.bytes(request)
        return try HTTPObjectDecoder(resource: resource).object(bytes[...])
    }
}

extension DeleteOptions {
    /// The object as it is sent.
    public var value: JSONValue {
        var value: JSONValue = ["kind": "DeleteOptions", "apiVersion": "v1"]
        if let gracePeriodSeconds { value["gracePeriodSeconds"] = .int(gracePeriodSeconds) }
        if let propagation { value["propagationPolicy"] = .string(propagation.rawValue) }
        if let uid { value[path: "preconditions", "uid"] = .string(uid) }
        if let resourceVersion {
            value[path: "preconditions", "resourceVersion"] = .string(resourceVersion)
        }
        return value
    }
}
