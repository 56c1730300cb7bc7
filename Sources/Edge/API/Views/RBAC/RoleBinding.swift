public import EdgeJSON

/// Grants a role within a namespace.
public struct RoleBinding: ObjectView {
    public static let resource = "rolebindings.rbac.authorization.k8s.io"
    public static let apiVersion = "rbac.authorization.k8s.io/v1"
    public static let kind = "RoleBinding"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var roleRef: RoleRef {
        get { RoleRef(object.json["roleRef"] ?? .object(JSONObject())) }
        set { object.json["roleRef"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var subjects: [Subject] {
        get { object.json["subjects"].views() }
        set { object.json["subjects"] = newValue.jsonValue }
    }
}

/// Grants a role in the whole cluster.
public struct ClusterRoleBinding: ObjectView {
    public static let resource = "clusterrolebindings.rbac.authorization.k8s.io"
    public static let apiVersion = "rbac.authorization.k8s.io/v1"
    public static let kind = "ClusterRoleBinding"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var roleRef: RoleRef {
        get { RoleRef(object.json["roleRef"] ?? .object(JSONObject())) }
        set { object.json["roleRef"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var subjects: [Subject] {
        get { object.json["subjects"].views() }
        set { object.json["subjects"] = newValue.jsonValue }
    }
}

public struct RoleRef: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var apiGroup: String {
        get { json["apiGroup"].text }
        set { json["apiGroup"].text = newValue }
    }

    public var kind: String {
        get { json["kind"].text }
        set { json["kind"].text = newValue }
    }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }
}

public struct Subject: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var kind: String {
        get { json["kind"].text }
        set { json["kind"].text = newValue }
    }

    public var apiGroup: String {
        get { json["apiGroup"].text }
        set { json["apiGroup"].text = newValue }
    }

    public var namespace: String {
        get { json["namespace"].text }
        set { json["namespace"].text = newValue }
    }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }
}
