internal import EdgeJSON

/// Configuration data.
public struct ConfigMap: ObjectView {
    public static let resource = "configmaps"
    public static let apiVersion = "v1"
    public static let kind = "ConfigMap"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var data: [String: String] {
        get { object.json["data"].stringMap }
        set { object.json["data"].stringMap = newValue }
    }

    /// Values in Base64, see `decodedBinaryData`.
    public var binaryData: [String: String] {
        get { object.json["binaryData"].stringMap }
        set { object.json["binaryData"].stringMap = newValue }
    }

    public var immutable: Bool {
        get { object.json["immutable"].flag }
        set { object.json["immutable"].flag = newValue }
    }
}
