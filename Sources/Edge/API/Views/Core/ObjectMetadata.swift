public import EdgeJSON

/// Metadata within an object, such as a pod template's.
public struct ObjectMetadata: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var namespace: String {
        get { json["namespace"].text }
        set { json["namespace"].text = newValue }
    }

    public var generateName: String {
        get { json["generateName"].text }
        set { json["generateName"].text = newValue }
    }

    public var uid: String {
        get { json["uid"].text }
        set { json["uid"].text = newValue }
    }

    public var labels: [String: String] {
        get { json["labels"].stringMap }
        set { json["labels"].stringMap = newValue }
    }

    public var annotations: [String: String] {
        get { json["annotations"].stringMap }
        set { json["annotations"].stringMap = newValue }
    }

    public var finalizers: [String] {
        get { json["finalizers"].strings }
        set { json["finalizers"].strings = newValue }
    }
}
