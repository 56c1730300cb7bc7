internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// What the commands do with objects on the server, in JSON trees.
struct ResourceClient: Sendable {
    let rest: RESTClient

    /// Query parameters that go with writes.
    struct WriteOptions: Sendable {
        var fieldManager = ""
        var isServerDryRun = false
        var fieldValidation = ""
        var force: Bool?

        var query: [RESTRequest.Field] {
            var query: [RESTRequest.Field] = []
            if isServerDryRun { query.append(.init("dryRun", "All")) }
            if !fieldManager.isEmpty { query.append(.init("fieldManager", fieldManager)) }
            if !fieldValidation.isEmpty { query.append(.init("fieldValidation", fieldValidation)) }
            if let force { query.append(.init("force", force ? "true" : "false")) }
            return query
        }
    }

    func get(_ info: ResourceInfo, subresource: String? = nil) async throws -> JSONValue {
        try await rest.json(RESTRequest("GET", info.path(subresource: subresource)))
    }

    func get(_ resource: APIResource, namespace: String, name: String) async throws -> APIObject {
        let info = ResourceInfo(resource: resource, namespace: namespace, name: name)
        return APIObject(try await get(info)) ?? APIObject(JSONObject())
    }

    func create(
        _ info: ResourceInfo, _ body: JSONValue, subresource: String? = nil, options: WriteOptions = .init()
    ) async throws -> JSONValue {
        let path =
            subresource == nil
            ? RESTPath.path(info.resource, namespace: info.namespace) : info.path(subresource: subresource)
        return try await rest.json("POST", path, query: options.query, body)
    }

    func replace(
        _ info: ResourceInfo, _ body: JSONValue, subresource: String? = nil, options: WriteOptions = .init()
    ) async throws -> JSONValue {
        try await rest.json("PUT", info.path(subresource: subresource), query: options.query, body)
    }

    func patch(
        _ info: ResourceInfo, _ kind: Patch.Kind, _ body: JSONValue, subresource: String? = nil,
        options: WriteOptions = .init()
    ) async throws -> JSONValue {
        try await rest.json(
            "PATCH", info.path(subresource: subresource), query: options.query, contentType: kind.rawValue,
            body)
    }

    func delete(_ info: ResourceInfo, _ body: JSONValue, isServerDryRun: Bool = false) async throws
        -> JSONValue
    {
        try await rest.json(
            "DELETE", info.path(), query: isServerDryRun ? [.init("dryRun", "All")] : [], body)
    }

    /// What a list is narrowed by.
    struct Selection: Sendable {
        var namespace = ""
        var labelSelector = ""
        var fieldSelector = ""
        var chunkSize = 500
        var headers: [RESTRequest.Field] = []
        var query: [RESTRequest.Field] = []

        var fields: [RESTRequest.Field] {
            var fields: [RESTRequest.Field] = []
            if !labelSelector.isEmpty { fields.append(.init("labelSelector", labelSelector)) }
            if !fieldSelector.isEmpty { fields.append(.init("fieldSelector", fieldSelector)) }
            return fields + query
        }
    }

    /// Calls `body` with each page of a list.
    func forEachPage(
        _ resource: APIResource, _ selection: Selection, _ body: (JSONValue) async throws -> Void
    ) async throws {
        var token = ""
        repeat {
            var query = selection.fields
            if selection.chunkSize > 0 { query.append(.init("limit", String(selection.chunkSize))) }
            if !token.isEmpty { query.append(.init("continue", token)) }
            let page: JSONValue
            do {
                page = try await rest.json(
                    RESTRequest(
                        "GET", RESTPath.path(resource, namespace: selection.namespace), query: query,
                        headers: selection.headers))
            } catch var status as APIStatus where [.badRequest, .notFound].contains(status.reason) {
                status.message = "\(Self.what(resource, selection)): \(status.message)"
                throw status
            }
            try await body(page)
            token = page.at("metadata", "continue")?.string ?? ""
        } while !token.isEmpty
    }

    /// What could not be listed, for error messages.
    private static func what(_ resource: APIResource, _ selection: Selection) -> String {
        let subject = goQuoted("\(resource.group)/\(resource.version), Resource=\(resource.name)")
        if selection.labelSelector.isEmpty, selection.fieldSelector.isEmpty {
            return "Unable to list \(subject)"
        }
        return "Unable to find \(subject) that match label selector \(goQuoted(selection.labelSelector)), "
            + "field selector \(goQuoted(selection.fieldSelector))"
    }

    /// All objects of a list, each with apiVersion and kind, and the list's resourceVersion.
    func list(_ resource: APIResource, _ selection: Selection) async throws
        -> (objects: [APIObject], resourceVersion: String)
    {
        var objects: [APIObject] = []
        var resourceVersion = ""
        try await forEachPage(resource, selection) { page in
            resourceVersion = page.at("metadata", "resourceVersion")?.string ?? ""
            for item in page["items"]?.array ?? [] {
                guard var object = APIObject(item) else { continue }
                if object.json["kind"] == nil {
                    object.json.prepend("kind", .string(resource.kind))
                    object.json.prepend("apiVersion", .string(resource.apiVersion))
                }
                objects.append(object)
            }
        }
        return (objects, resourceVersion)
    }

    /// Calls `body` with each event of a watch until it returns false or the server ends the watch.
    func watch(
        _ resource: APIResource, _ selection: Selection, resourceVersion: String,
        _ body: (_ type: String, _ object: JSONValue) async throws -> Bool
    ) async throws {
        var query = selection.fields
        query.append(.init("watch", "true"))
        if !resourceVersion.isEmpty { query.append(.init("resourceVersion", resourceVersion)) }
        let headers = selection.headers.isEmpty ? [.init("Accept", "application/json")] : selection.headers
        let response = try await rest.send(
            RESTRequest(
                "GET", RESTPath.path(resource, namespace: selection.namespace), query: query,
                headers: headers))
        try await response.body.forEachLine { line in
            guard !line.isEmpty else { return true }
            let event = try JSONParser.parse(line)
            let object = event["object"] ?? .null
            let type = event["type"]?.string ?? ""
            if type == "ERROR", let status = APIStatus(object) { throw status }
            if type == "BOOKMARK" { return true }
            return try await body(type, object)
        }
    }

    /// Watches one object, beginning with what it is now (nil: absent), until `body` returns true. Lists
    /// and watches again whenever the server ends the watch.
    func follow(_ info: ResourceInfo, until body: (APIObject?) async throws -> Bool) async throws {
        var selection = Selection(namespace: info.namespace, fieldSelector: "metadata.name=\(info.name)")
        selection.chunkSize = 0
        while true {
            let (objects, version) = try await list(info.resource, selection)
            if try await body(objects.first) { return }
            var isDone = false
            do {
                try await watch(info.resource, selection, resourceVersion: version) { type, object in
                    isDone = try await body(type == "DELETED" ? nil : APIObject(object))
                    return !isDone
                }
            } catch let status as APIStatus where status.code == 410 {
                continue
            }
            if isDone { return }
            try Task.checkCancellation()
        }
    }
}
