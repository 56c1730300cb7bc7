public import EdgeJSON

/// A request for storage.
public struct PersistentVolumeClaim: ObjectView {
    public static let resource = "persistentvolumeclaims"
    public static let apiVersion = "v1"
    public static let kind = "PersistentVolumeClaim"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: PersistentVolumeClaimSpec {
        get { PersistentVolumeClaimSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: PersistentVolumeClaimStatus {
        get { PersistentVolumeClaimStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct PersistentVolumeClaimSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var accessModes: [String] {
        get { json["accessModes"].strings }
        set { json["accessModes"].strings = newValue }
    }

    public var selector: JSONValue? {
        get { json["selector"] }
        set { json["selector"] = newValue }
    }

    public var resources: ResourceRequirements {
        get { ResourceRequirements(json["resources"] ?? .object(JSONObject())) }
        set { json["resources"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var volumeName: String {
        get { json["volumeName"].text }
        set { json["volumeName"].text = newValue }
    }

    /// Nil: the default class; empty: none.
    public var storageClassName: String? {
        get { json["storageClassName"].optionalText }
        set { json["storageClassName"].optionalText = newValue }
    }

    public var volumeMode: String {
        get { json["volumeMode"].optionalText ?? "Filesystem" }
        set { json["volumeMode"].optionalText = newValue }
    }

    public var dataSource: JSONValue? {
        get { json["dataSource"] }
        set { json["dataSource"] = newValue }
    }

    public var dataSourceRef: JSONValue? {
        get { json["dataSourceRef"] }
        set { json["dataSourceRef"] = newValue }
    }

    public var volumeAttributesClassName: String? {
        get { json["volumeAttributesClassName"].optionalText }
        set { json["volumeAttributesClassName"].optionalText = newValue }
    }
}

public struct PersistentVolumeClaimStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var phase: String {
        get { json["phase"].optionalText ?? "Pending" }
        set { json["phase"].optionalText = newValue }
    }

    public var accessModes: [String] {
        get { json["accessModes"].strings }
        set { json["accessModes"].strings = newValue }
    }

    public var capacity: [String: Quantity] {
        get { json["capacity"].quantities }
        set { json["capacity"].quantities = newValue }
    }
}
