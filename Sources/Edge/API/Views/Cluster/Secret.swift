internal import EdgeJSON

/// Confidential data.
public struct Secret: ObjectView {
    public static let resource = "secrets"
    public static let apiVersion = "v1"
    public static let kind = "Secret"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var type: String {
        get { object.json["type"].optionalText ?? "Opaque" }
        set { object.json["type"].optionalText = newValue }
    }

    /// Values in Base64, see `decodedData`.
    public var data: [String: String] {
        get { object.json["data"].stringMap }
        set { object.json["data"].stringMap = newValue }
    }

    public var immutable: Bool {
        get { object.json["immutable"].flag }
        set { object.json["immutable"].flag = newValue }
    }
}
