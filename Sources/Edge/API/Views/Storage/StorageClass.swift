public import EdgeJSON

/// A way to make volumes.
public struct StorageClass: ObjectView {
    public static let resource = "storageclasses.storage.k8s.io"
    public static let apiVersion = "storage.k8s.io/v1"
    public static let kind = "StorageClass"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var provisioner: String {
        get { object.json["provisioner"].text }
        set { object.json["provisioner"].text = newValue }
    }

    public var parameters: [String: String] {
        get { object.json["parameters"].stringMap }
        set { object.json["parameters"].stringMap = newValue }
    }

    public var reclaimPolicy: String {
        get { object.json["reclaimPolicy"].optionalText ?? "Delete" }
        set { object.json["reclaimPolicy"].optionalText = newValue }
    }

    public var mountOptions: [String] {
        get { object.json["mountOptions"].strings }
        set { object.json["mountOptions"].strings = newValue }
    }

    public var allowVolumeExpansion: Bool {
        get { object.json["allowVolumeExpansion"].flag }
        set { object.json["allowVolumeExpansion"].flag = newValue }
    }

    public var volumeBindingMode: String {
        get { object.json["volumeBindingMode"].optionalText ?? "Immediate" }
        set { object.json["volumeBindingMode"].optionalText = newValue }
    }

    public var allowedTopologies: JSONValue? {
        get { object.json["allowedTopologies"] }
        set { object.json["allowedTopologies"] = newValue }
    }
}
