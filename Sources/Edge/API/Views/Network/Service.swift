internal import EdgeJSON

/// A stable address in front of a set of pods.
public struct Service: ObjectView {
    public static let resource = "services"
    public static let apiVersion = "v1"
    public static let kind = "Service"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: ServiceSpec {
        get { ServiceSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: ServiceStatus {
        get { ServiceStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}
