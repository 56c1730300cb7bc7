public import EdgeBase
public import EdgeJSON

/// How many pods of a set may be evicted.
public struct PodDisruptionBudget: ObjectView {
    public static let resource = "poddisruptionbudgets.policy"
    public static let apiVersion = "policy/v1"
    public static let kind = "PodDisruptionBudget"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: PodDisruptionBudgetSpec {
        get { PodDisruptionBudgetSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: PodDisruptionBudgetStatus {
        get { PodDisruptionBudgetStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct PodDisruptionBudgetSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var minAvailable: IntOrString? {
        get { json["minAvailable"].intOrString }
        set { json["minAvailable"].intOrString = newValue }
    }

    public var maxUnavailable: IntOrString? {
        get { json["maxUnavailable"].intOrString }
        set { json["maxUnavailable"].intOrString = newValue }
    }

    public var selector: LabelSelector { (try? LabelSelector(object: json["selector"])) ?? .nothing }

    public var unhealthyPodEvictionPolicy: String? {
        get { json["unhealthyPodEvictionPolicy"].optionalText }
        set { json["unhealthyPodEvictionPolicy"].optionalText = newValue }
    }
}

public struct PodDisruptionBudgetStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var observedGeneration: Int {
        get { json["observedGeneration"].number ?? 0 }
        set { json["observedGeneration"].number = newValue == 0 ? nil : newValue }
    }

    public var disruptedPods: JSONValue? {
        get { json["disruptedPods"] }
        set { json["disruptedPods"] = newValue }
    }

    public var disruptionsAllowed: Int {
        get { json["disruptionsAllowed"].number ?? 0 }
        set { json["disruptionsAllowed"].number = newValue }
    }

    public var currentHealthy: Int {
        get { json["currentHealthy"].number ?? 0 }
        set { json["currentHealthy"].number = newValue }
    }

    public var desiredHealthy: Int {
        get { json["desiredHealthy"].number ?? 0 }
        set { json["desiredHealthy"].number = newValue }
    }

    public var expectedPods: Int {
        get { json["expectedPods"].number ?? 0 }
        set { json["expectedPods"].number = newValue }
    }

    /// Says in the condition what the numbers say.
    public mutating func setDisruptionAllowed(now: Timestamp) {
        let isAllowed = disruptionsAllowed > 0
        var condition = Condition(
            type: "DisruptionAllowed", status: ConditionStatus(isAllowed),
            reason: isAllowed ? "SufficientPods" : "InsufficientPods")
        condition.json["message"] = ""
        condition.observedGeneration = observedGeneration
        setCondition(condition, now: now)
    }
}
