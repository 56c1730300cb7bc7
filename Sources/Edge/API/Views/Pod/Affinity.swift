public import EdgeJSON

public struct Affinity: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var nodeAffinity: NodeAffinity? {
        get { json["nodeAffinity"].map(NodeAffinity.init) }
        set { json["nodeAffinity"] = newValue?.json }
    }

    public var podAffinity: PodAffinity? {
        get { json["podAffinity"].map(PodAffinity.init) }
        set { json["podAffinity"] = newValue?.json }
    }

    public var podAntiAffinity: PodAffinity? {
        get { json["podAntiAffinity"].map(PodAffinity.init) }
        set { json["podAntiAffinity"] = newValue?.json }
    }
}

public struct NodeAffinity: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var required: NodeSelector? {
        get { json["requiredDuringSchedulingIgnoredDuringExecution"].map(NodeSelector.init) }
        set { json["requiredDuringSchedulingIgnoredDuringExecution"] = newValue?.json }
    }

    public var preferred: [PreferredSchedulingTerm] {
        get { json["preferredDuringSchedulingIgnoredDuringExecution"].views() }
        set { json["preferredDuringSchedulingIgnoredDuringExecution"] = newValue.jsonValue }
    }
}

public struct PreferredSchedulingTerm: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var weight: Int {
        get { json["weight"].number ?? 0 }
        set { json["weight"].number = newValue == 0 ? nil : newValue }
    }

    public var preference: NodeSelectorTerm {
        get { NodeSelectorTerm(json["preference"] ?? .object(JSONObject())) }
        set { json["preference"] = newValue.isEmpty ? nil : newValue.json }
    }
}

/// Affinity or anti-affinity to other pods.
public struct PodAffinity: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var required: [PodAffinityTerm] {
        get { json["requiredDuringSchedulingIgnoredDuringExecution"].views() }
        set { json["requiredDuringSchedulingIgnoredDuringExecution"] = newValue.jsonValue }
    }

    public var preferred: [WeightedPodAffinityTerm] {
        get { json["preferredDuringSchedulingIgnoredDuringExecution"].views() }
        set { json["preferredDuringSchedulingIgnoredDuringExecution"] = newValue.jsonValue }
    }
}

public struct WeightedPodAffinityTerm: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var weight: Int {
        get { json["weight"].number ?? 0 }
        set { json["weight"].number = newValue == 0 ? nil : newValue }
    }

    public var podAffinityTerm: PodAffinityTerm {
        get { PodAffinityTerm(json["podAffinityTerm"] ?? .object(JSONObject())) }
        set { json["podAffinityTerm"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct PodAffinityTerm: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var labelSelector: LabelSelector {
        (try? LabelSelector(object: json["labelSelector"])) ?? .nothing
    }

    public var namespaces: [String] {
        get { json["namespaces"].strings }
        set { json["namespaces"].strings = newValue }
    }

    public var topologyKey: String {
        get { json["topologyKey"].text }
        set { json["topologyKey"].text = newValue }
    }

    public var matchLabelKeys: [String] {
        get { json["matchLabelKeys"].strings }
        set { json["matchLabelKeys"].strings = newValue }
    }

    public var mismatchLabelKeys: [String] {
        get { json["mismatchLabelKeys"].strings }
        set { json["mismatchLabelKeys"].strings = newValue }
    }
}
