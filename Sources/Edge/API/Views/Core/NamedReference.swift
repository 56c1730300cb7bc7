public import EdgeJSON

/// Something named, such as a `LocalObjectReference` to an object of the same namespace.
public struct NamedReference: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }
}
