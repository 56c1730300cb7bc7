public import EdgeBase
public import EdgeJSON

public struct NodeSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var podCIDR: String {
        get { json["podCIDR"].text }
        set { json["podCIDR"].text = newValue }
    }

    public var podCIDRs: [String] {
        get { json["podCIDRs"].strings }
        set { json["podCIDRs"].strings = newValue }
    }

    public var providerID: String {
        get { json["providerID"].text }
        set { json["providerID"].text = newValue }
    }

    public var unschedulable: Bool {
        get { json["unschedulable"].flag }
        set { json["unschedulable"].flag = newValue }
    }

    public var taints: [Taint] {
        get { json["taints"].views() }
        set { json["taints"] = newValue.jsonValue }
    }
}

public struct Taint: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var key: String {
        get { json["key"].text }
        set { json["key"].text = newValue }
    }

    public var value: String {
        get { json["value"].text }
        set { json["value"].text = newValue }
    }

    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    public var effect: String {
        get { json["effect"].text }
        set { json["effect"].text = newValue }
    }

    public var timeAdded: Timestamp? {
        get { json["timeAdded"].time }
        set { json["timeAdded"].time = newValue }
    }
}
