public import EdgeJSON

/// A reference to any object, as Events and Endpoints have it.
public struct ObjectReference: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var kind: String {
        get { json["kind"].text }
        set { json["kind"].text = newValue }
    }

    public var namespace: String {
        get { json["namespace"].text }
        set { json["namespace"].text = newValue }
    }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var uid: String {
        get { json["uid"].text }
        set { json["uid"].text = newValue }
    }

    public var apiVersion: String {
        get { json["apiVersion"].text }
        set { json["apiVersion"].text = newValue }
    }

    public var resourceVersion: String {
        get { json["resourceVersion"].text }
        set { json["resourceVersion"].text = newValue }
    }

    public var fieldPath: String {
        get { json["fieldPath"].text }
        set { json["fieldPath"].text = newValue }
    }
}
