internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// The variables of one request's evaluation.
struct PolicyActivation {
    static let outOfBudget =
        "validation failed due to running out of cost budget, no further validation rules will be run"

    var values: CELActivation

    /// - Parameter namespace: the namespace of the object; nil where there is none.
    init(_ attributes: AdmissionAttributes, namespace: APIObject? = nil) {
        values = CELActivation([
            "object": Self.value(attributes.object), "oldObject": Self.value(attributes.old),
            "request": .map(CELMap(json: Self.request(attributes), type: PolicyTypes.request)),
            "namespaceObject": namespace.map(Self.namespace) ?? .null,
        ])
        if let authorizer = attributes.authorizer {
            let adapter = PolicyAuthorizer(user: attributes.user, authorizer: authorizer)
            values["authorizer"] = .authorizer(adapter)
            values["authorizer.requestResource"] = .resourceCheck(adapter, Self.check(attributes))
        }
    }

    static func value(_ object: APIObject?) -> CELValue { object.map { CELValue(json: $0.value) } ?? .null }

    /// The `AdmissionRequest` without its objects, which are variables of their own.
    private static func request(_ attributes: AdmissionAttributes) -> JSONObject {
        let subresource = attributes.subresource
        var request: JSONObject = [
            "kind": kind(attributes.resource, subresource), "resource": resource(attributes.resource),
        ]
        if !subresource.isEmpty { request["subResource"] = .string(subresource) }
        request["requestKind"] = kind(attributes.requested, subresource)
        request["requestResource"] = resource(attributes.requested)
        if !subresource.isEmpty { request["requestSubResource"] = .string(subresource) }
        request["name"] = .string(attributes.name)
        if !attributes.namespace.isEmpty { request["namespace"] = .string(attributes.namespace) }
        request["operation"] = .string(attributes.operation.rawValue)
        request["userInfo"] = user(attributes.user)
        request["dryRun"] = .bool(attributes.isDryRun)
        if let options = attributes.options { request["options"] = options }
        return request
    }

    private static func kind(_ resource: ResourceDefinition, _ subresource: String) -> JSONValue {
        let kind =
            subresource.isEmpty
            ? resource.groupVersionKind
            : resource.subresource(subresource)?.kind ?? resource.groupVersionKind
        return ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }

    private static func resource(_ resource: ResourceDefinition) -> JSONValue {
        [
            "group": .string(resource.group), "version": .string(resource.version),
            "resource": .string(resource.resource),
        ]
    }

    private static func user(_ user: UserInfo) -> JSONValue {
        var object: JSONObject = ["username": .string(user.name)]
        if !user.uid.isEmpty { object["uid"] = .string(user.uid) }
        if !user.groups.isEmpty { object["groups"] = .array(user.groups.map(JSONValue.string)) }
        if !user.extra.isEmpty {
            let extra = user.extra.sorted { $0.key < $1.key }
            object["extra"] = .object(
                JSONObject(extra.map { ($0.key, .array($0.value.map(JSONValue.string))) }))
        }
        return .object(object)
    }

    private static let namespaceMetadata: Set<String> = [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "finalizers",
    ]

    /// Without the metadata that expressions do not see.
    private static func namespace(_ namespace: APIObject) -> CELValue {
        var object = namespace
        var metadata = object.metadata
        metadata.removeAll { !namespaceMetadata.contains($0.key) }
        object.metadata = metadata
        return .map(CELMap(json: object.json, type: PolicyTypes.namespace))
    }

    private static func check(_ attributes: AdmissionAttributes) -> CELAuthorizationRequest {
        var check = CELAuthorizationRequest()
        check.group = attributes.requested.group
        check.resource = attributes.requested.resource
        check.subresource = attributes.subresource
        check.namespace = attributes.namespace
        check.name = attributes.name
        return check
    }
}

/// Asks the server's authorizer for the user of a request.
private struct PolicyAuthorizer: CELAuthorizer {
    let user: UserInfo
    let authorizer: any Authorizer

    func authorize(_ request: CELAuthorizationRequest) -> CELAuthorizationDecision {
        let user =
            request.serviceAccount.map {
                UserInfo.serviceAccount(namespace: $0.namespace, name: $0.name, uid: "")
            } ?? user
        let target: AccessRequest.Target =
            if let path = request.path {
                .path(path)
            } else {
                .resource(
                    group: request.group, resource: request.resource, subresource: request.subresource,
                    namespace: request.namespace, name: request.name)
            }
        switch authorizer.authorize(AccessRequest(user: user, verb: request.verb, target: target)) {
        case .allowed(let reason): return CELAuthorizationDecision(isAllowed: true, reason: reason)
        case .denied(let reason): return CELAuthorizationDecision(isAllowed: false, reason: reason)
        }
    }
}
