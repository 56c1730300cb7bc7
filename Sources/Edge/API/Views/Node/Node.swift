internal import EdgeJSON

/// A host that runs pods.
public struct Node: ObjectView {
    public static let resource = "nodes"
    public static let apiVersion = "v1"
    public static let kind = "Node"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: NodeSpec {
        get { NodeSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: NodeStatus {
        get { NodeStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}
