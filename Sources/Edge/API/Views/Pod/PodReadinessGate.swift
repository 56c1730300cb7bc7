public import EdgeJSON

public struct PodReadinessGate: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var conditionType: String {
        get { json["conditionType"].text }
        set { json["conditionType"].text = newValue }
    }
}
