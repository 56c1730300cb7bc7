internal import EdgeJSON

/// One or more containers that share a network and volumes.
public struct Pod: ObjectView {
    public static let resource = "pods"
    public static let apiVersion = "v1"
    public static let kind = "Pod"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: PodSpec {
        get { PodSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: PodStatus {
        get { PodStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}
