public import EdgeJSON

/// Terms of which one must match.
public struct NodeSelector: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var nodeSelectorTerms: [NodeSelectorTerm] {
        get { json["nodeSelectorTerms"].views() }
        set { json["nodeSelectorTerms"] = newValue.jsonValue }
    }
}

/// Requirements that must all match; a term without any matches no node.
public struct NodeSelectorTerm: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var matchExpressions: [NodeSelectorRequirement] {
        get { json["matchExpressions"].views() }
        set { json["matchExpressions"] = newValue.jsonValue }
    }

    public var matchFields: [NodeSelectorRequirement] {
        get { json["matchFields"].views() }
        set { json["matchFields"] = newValue.jsonValue }
    }
}

public struct NodeSelectorRequirement: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var key: String {
        get { json["key"].text }
        set { json["key"].text = newValue }
    }

    /// `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`.
    public var `operator`: String {
        get { json["operator"].text }
        set { json["operator"].text = newValue }
    }

    public var values: [String] {
        get { json["values"].strings }
        set { json["values"].strings = newValue }
    }
}
