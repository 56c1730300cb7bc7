public import EdgeJSON

/// A room of names.
public struct Namespace: ObjectView {
    public static let resource = "namespaces"
    public static let apiVersion = "v1"
    public static let kind = "Namespace"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: NamespaceSpec {
        get { NamespaceSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: NamespaceStatus {
        get { NamespaceStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct NamespaceSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var finalizers: [String] {
        get { json["finalizers"].strings }
        set { json["finalizers"].strings = newValue }
    }
}

public struct NamespaceStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var phase: String {
        get { json["phase"].optionalText ?? "Active" }
        set { json["phase"].optionalText = newValue }
    }
}
