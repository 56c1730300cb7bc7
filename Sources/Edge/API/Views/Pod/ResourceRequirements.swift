public import EdgeJSON

public struct ResourceRequirements: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var requests: [String: Quantity] {
        get { json["requests"].quantities }
        set { json["requests"].quantities = newValue }
    }

    public var limits: [String: Quantity] {
        get { json["limits"].quantities }
        set { json["limits"].quantities = newValue }
    }

    public var claims: JSONValue? {
        get { json["claims"] }
        set { json["claims"] = newValue }
    }
}
