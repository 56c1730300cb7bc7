public import EdgeJSON

public struct Toleration: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var key: String {
        get { json["key"].text }
        set { json["key"].text = newValue }
    }

    public var `operator`: String {
        get { json["operator"].optionalText ?? "Equal" }
        set { json["operator"].optionalText = newValue }
    }

    public var value: String {
        get { json["value"].text }
        set { json["value"].text = newValue }
    }

    /// Empty: all effects.
    public var effect: String {
        get { json["effect"].text }
        set { json["effect"].text = newValue }
    }

    public var tolerationSeconds: Int? {
        get { json["tolerationSeconds"].number }
        set { json["tolerationSeconds"].number = newValue }
    }
}
