public import EdgeJSON

/// What the pods of a workload look like.
public struct PodTemplateSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var metadata: ObjectMetadata {
        get { ObjectMetadata(json["metadata"] ?? .object(JSONObject())) }
        set { json["metadata"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var spec: PodSpec {
        get { PodSpec(json["spec"] ?? .object(JSONObject())) }
        set { json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }
}
