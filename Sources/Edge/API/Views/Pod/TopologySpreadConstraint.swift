public import EdgeJSON

public struct TopologySpreadConstraint: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var maxSkew: Int {
        get { json["maxSkew"].number ?? 1 }
        set { json["maxSkew"].number = newValue }
    }

    public var topologyKey: String {
        get { json["topologyKey"].text }
        set { json["topologyKey"].text = newValue }
    }

    public var whenUnsatisfiable: String {
        get { json["whenUnsatisfiable"].optionalText ?? "DoNotSchedule" }
        set { json["whenUnsatisfiable"].optionalText = newValue }
    }

    public var labelSelector: LabelSelector {
        (try? LabelSelector(object: json["labelSelector"])) ?? .nothing
    }

    public var matchLabelKeys: [String] {
        get { json["matchLabelKeys"].strings }
        set { json["matchLabelKeys"].strings = newValue }
    }

    public var minDomains: Int? {
        get { json["minDomains"].number }
        set { json["minDomains"].number = newValue }
    }

    public var nodeAffinityPolicy: String {
        get { json["nodeAffinityPolicy"].optionalText ?? "Honor" }
        set { json["nodeAffinityPolicy"].optionalText = newValue }
    }

    public var nodeTaintsPolicy: String {
        get { json["nodeTaintsPolicy"].optionalText ?? "Ignore" }
        set { json["nodeTaintsPolicy"].optionalText = newValue }
    }
}
