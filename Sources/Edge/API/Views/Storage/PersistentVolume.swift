public import EdgeBase
public import EdgeJSON

/// A piece of storage.
public struct PersistentVolume: ObjectView {
    public static let resource = "persistentvolumes"
    public static let apiVersion = "v1"
    public static let kind = "PersistentVolume"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: PersistentVolumeSpec {
        get { PersistentVolumeSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: PersistentVolumeStatus {
        get { PersistentVolumeStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct PersistentVolumeSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var capacity: [String: Quantity] {
        get { json["capacity"].quantities }
        set { json["capacity"].quantities = newValue }
    }

    public var accessModes: [String] {
        get { json["accessModes"].strings }
        set { json["accessModes"].strings = newValue }
    }

    public var persistentVolumeReclaimPolicy: String {
        get { json["persistentVolumeReclaimPolicy"].optionalText ?? "Retain" }
        set { json["persistentVolumeReclaimPolicy"].optionalText = newValue }
    }

    public var storageClassName: String {
        get { json["storageClassName"].text }
        set { json["storageClassName"].text = newValue }
    }

    public var volumeMode: String {
        get { json["volumeMode"].optionalText ?? "Filesystem" }
        set { json["volumeMode"].optionalText = newValue }
    }

    public var mountOptions: [String] {
        get { json["mountOptions"].strings }
        set { json["mountOptions"].strings = newValue }
    }

    public var claimRef: ObjectReference? {
        get { json["claimRef"].map(ObjectReference.init) }
        set { json["claimRef"] = newValue?.json }
    }

    public var hostPath: HostPathVolumeSource? {
        get { json["hostPath"].map(HostPathVolumeSource.init) }
        set { json["hostPath"] = newValue?.json }
    }

    public var local: JSONValue? {
        get { json["local"] }
        set { json["local"] = newValue }
    }

    public var nfs: NFSVolumeSource? {
        get { json["nfs"].map(NFSVolumeSource.init) }
        set { json["nfs"] = newValue?.json }
    }

    public var csi: JSONValue? {
        get { json["csi"] }
        set { json["csi"] = newValue }
    }

    public var nodeAffinity: VolumeNodeAffinity? {
        get { json["nodeAffinity"].map(VolumeNodeAffinity.init) }
        set { json["nodeAffinity"] = newValue?.json }
    }
}

public struct VolumeNodeAffinity: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var required: NodeSelector? {
        get { json["required"].map(NodeSelector.init) }
        set { json["required"] = newValue?.json }
    }
}

public struct PersistentVolumeStatus: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var phase: String {
        get { json["phase"].optionalText ?? "Pending" }
        set { json["phase"].optionalText = newValue }
    }

    public var message: String {
        get { json["message"].text }
        set { json["message"].text = newValue }
    }

    public var reason: String {
        get { json["reason"].text }
        set { json["reason"].text = newValue }
    }

    public var lastPhaseTransitionTime: Timestamp? {
        get { json["lastPhaseTransitionTime"].time }
        set { json["lastPhaseTransitionTime"].time = newValue }
    }
}
