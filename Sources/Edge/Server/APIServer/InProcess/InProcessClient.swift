public import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeJSON

/// The API for components within the server process: the same pipeline as over HTTP behind authentication,
/// without encoding, decoding or sockets. Each component has its own identity, and RBAC applies to it.
public struct InProcessClient: APIClient {
    private let server: APIServer
    private let user: UserInfo
    private let component: String

    public init(server: APIServer, user: UserInfo) {
        self.server = server
        self.user = user
        component = Self.component(user.name)
    }

    /// The name under which Kubernetes' own programs book the fields that they set.
    private static func component(_ user: String) -> String {
        if user.hasPrefix("system:serviceaccount:kube-system:") { return "kube-controller-manager" }
        if user.hasPrefix("system:node:") { return "kubelet" }
        return String(user.split(separator: ":").last ?? "edge")
    }

    private var context: RequestContext {
        var context = RequestContext(user: user)
        context.asksWebhooks = user != .apiServer
        context.agent = component
        return context
    }

    public func get(_ key: ObjectKey) async throws -> EncodedObject {
        let resource = try admit("get", key)
        return try server.registry.get(resource, namespace: key.namespace, name: key.name)
    }

    public func list(_ resource: String, namespace: String?, options: ListOptions) async throws -> ObjectList
    {
        let key = ObjectKey(resource: resource, namespace: namespace ?? "", name: "")
        let definition = try admit("list", key)
        let query = try ListQuery(resource: definition) { name in
            switch name {
            case "labelSelector": options.labelSelector
            case "fieldSelector": options.fieldSelector
            case "limit": options.limit.map(String.init)
            case "continue": options.continueToken
            default: nil
            }
        }
        let page = try server.registry.list(
            definition, namespace: definition.isNamespaced ? namespace : "", query: query)
        return ObjectList(objects: page.objects, revision: page.revision, continueToken: page.next?.text)
    }

    public func create(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
        let definition = try admit(
            "create", ObjectKey(resource: resource, namespace: object.namespace, name: ""))
        let body = try BodyDecoder(resource: definition).canonical(object, context)
        return try await server.registry.create(definition, namespace: object.namespace, body: body, context)
    }

    public func post(_ key: ObjectKey, subresource: String, _ object: APIObject) async throws -> APIObject {
        let definition = try admit("create", key, subresource)
        guard let kind = definition.subresource(subresource)?.kind else { throw APIServer.unknownPath }
        let body = try BodyDecoder(kind).canonical(object, context)
        let result = try await server.act(
            definition, namespace: key.namespace, name: key.name, subresource: subresource, body: body,
            context)
        return APIObject(result) ?? object
    }

    public func update(
        _ resource: String, _ object: APIObject, subresource: String?
    ) async throws -> EncodedObject {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        let definition = try admit("update", key, subresource ?? "")
        let body = try BodyDecoder(resource: definition).canonical(object, context)
        return try await server.registry.update(
            definition, namespace: key.namespace, name: key.name, subresource: subresource ?? "", body: body,
            context)
    }

    public func patch(_ key: ObjectKey, _ patch: Patch, subresource: String?) async throws -> EncodedObject {
        let definition = try admit("patch", key, subresource ?? "")
        return try await server.registry.patch(
            definition, namespace: key.namespace, name: key.name, subresource: subresource ?? "",
            patch: patch,
            context)
    }

    public func delete(_ key: ObjectKey, options: DeleteOptions) async throws {
        let definition = try admit("delete", key)
        _ = try await server.registry.delete(
            definition, namespace: key.namespace, name: key.name, options: options, context
        )
    }

    /// The resource, once the user may do this with it.
    private func admit(_ verb: String, _ key: ObjectKey, _ subresource: String = "") throws
        -> ResourceDefinition
    {
        guard
            let definition = Schema.shared.stored(key.resource)
                ?? server.customResources.stored(key.resource)
        else { throw APIServer.unknownPath }
        let target = AccessRequest.Target.resource(
            group: definition.group, resource: definition.resource, subresource: subresource,
            namespace: key.namespace, name: key.name)
        guard
            case .denied(let reason) = server.authorizer.authorize(
                AccessRequest(user: user, verb: verb, target: target))
        else { return definition }
        let what = subresource.isEmpty ? definition.resource : "\(definition.resource)/\(subresource)"
        throw APIStatus.forbidden(
            definition.qualifiedName, key.name,
            "User \"\(user.name)\" cannot \(verb) resource \"\(what)\" in API group \"\(definition.group)\"\(reason.isEmpty ? "" : ": \(reason)")"
        )
    }
}

extension Schema {
    /// The definition under which objects of a storage name (`deployments.apps`) are kept.
    func stored(_ storageName: String) -> ResourceDefinition? {
        let parts = storageName.split(separator: ".", maxSplits: 1)
        let group = parts.count > 1 ? String(parts[1]) : ""
        return resources.first {
            $0.resource == parts[0] && $0.group == group && $0.version == $0.storageVersion
        }
    }
}
