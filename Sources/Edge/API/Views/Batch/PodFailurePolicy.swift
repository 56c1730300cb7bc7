public import EdgeJSON

public struct PodFailurePolicy: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var rules: [PodFailurePolicyRule] {
        get { json["rules"].views() }
        set { json["rules"] = newValue.jsonValue }
    }
}

public struct PodFailurePolicyRule: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// `FailJob`, `FailIndex`, `Ignore` or `Count`.
    public var action: String {
        get { json["action"].text }
        set { json["action"].text = newValue }
    }

    public var onExitCodes: PodFailurePolicyOnExitCodes? {
        get { json["onExitCodes"].map(PodFailurePolicyOnExitCodes.init) }
        set { json["onExitCodes"] = newValue?.json }
    }

    public var onPodConditions: [PodFailurePolicyOnPodCondition] {
        get { json["onPodConditions"].views() }
        set { json["onPodConditions"] = newValue.jsonValue }
    }
}

public struct PodFailurePolicyOnExitCodes: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var containerName: String {
        get { json["containerName"].text }
        set { json["containerName"].text = newValue }
    }

    public var `operator`: String {
        get { json["operator"].text }
        set { json["operator"].text = newValue }
    }

    public var values: JSONValue? {
        get { json["values"] }
        set { json["values"] = newValue }
    }
}

public struct PodFailurePolicyOnPodCondition: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var type: String {
        get { json["type"].text }
        set { json["type"].text = newValue }
    }

    public var status: String {
        get { json["status"].optionalText ?? "True" }
        set { json["status"].optionalText = newValue }
    }
}
