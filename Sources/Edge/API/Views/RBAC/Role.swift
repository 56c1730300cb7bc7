public import EdgeJSON

/// Rules that hold within a namespace.
public struct Role: ObjectView {
    public static let resource = "roles.rbac.authorization.k8s.io"
    public static let apiVersion = "rbac.authorization.k8s.io/v1"
    public static let kind = "Role"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var rules: [PolicyRule] {
        get { object.json["rules"].views() }
        set { object.json["rules"] = newValue.jsonValue }
    }
}

/// Rules that hold in the whole cluster, or for bindings in any namespace.
public struct ClusterRole: ObjectView {
    public static let resource = "clusterroles.rbac.authorization.k8s.io"
    public static let apiVersion = "rbac.authorization.k8s.io/v1"
    public static let kind = "ClusterRole"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var rules: [PolicyRule] {
        get { object.json["rules"].views() }
        set { object.json["rules"] = newValue.jsonValue }
    }

    public var aggregationRule: JSONValue? {
        get { object.json["aggregationRule"] }
        set { object.json["aggregationRule"] = newValue }
    }
}

public struct PolicyRule: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var apiGroups: [String] {
        get { json["apiGroups"].strings }
        set { json["apiGroups"].strings = newValue }
    }

    public var resources: [String] {
        get { json["resources"].strings }
        set { json["resources"].strings = newValue }
    }

    public var resourceNames: [String] {
        get { json["resourceNames"].strings }
        set { json["resourceNames"].strings = newValue }
    }

    public var verbs: [String] {
        get { json["verbs"].strings }
        set { json["verbs"].strings = newValue }
    }

    public var nonResourceURLs: [String] {
        get { json["nonResourceURLs"].strings }
        set { json["nonResourceURLs"].strings = newValue }
    }
}
