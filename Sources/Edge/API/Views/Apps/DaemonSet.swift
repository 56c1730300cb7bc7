public import EdgeJSON

/// One pod on each matching node.
public struct DaemonSet: ObjectView {
    public static let resource = "daemonsets.apps"
    public static let apiVersion = "apps/v1"
    public static let kind = "DaemonSet"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: DaemonSetSpec {
        get { DaemonSetSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: DaemonSetStatus {
        get { DaemonSetStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct DaemonSetSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var selector: LabelSelector { (try? LabelSelector(object: json["selector"])) ?? .nothing }

    public var template: PodTemplateSpec {
        get { PodTemplateSpec(json["template"] ?? .object(JSONObject())) }
        set { json["template"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var updateStrategy: DaemonSetUpdateStrategy {
        get { DaemonSetUpdateStrategy(json["updateStrategy"] ?? .object(JSONObject())) }
        set { json["updateStrategy"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var minReadySeconds: Int {
        get { json["minReadySeconds"].number ?? 0 }
        set { json["minReadySeconds"].number = newValue == 0 ? nil : newValue }
    }

    public var revisionHistoryLimit: Int {
        get { json["revisionHistoryLimit"].number ?? 10 }
        set { json["revisionHistoryLimit"].number = newValue }
    }
}

public struct DaemonSetUpdateStrategy: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var type: String {
        get { json["type"].optionalText ?? "RollingUpdate" }
        set { json["type"].optionalText = newValue }
    }

    public var rollingUpdate: RollingUpdateDeployment? {
        get { json["rollingUpdate"].map(RollingUpdateDeployment.init) }
        set { json["rollingUpdate"] = newValue?.json }
    }
}

public struct DaemonSetStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var observedGeneration: Int {
        get { json["observedGeneration"].number ?? 0 }
        set { json["observedGeneration"].number = newValue == 0 ? nil : newValue }
    }

    public var currentNumberScheduled: Int {
        get { json["currentNumberScheduled"].number ?? 0 }
        set { json["currentNumberScheduled"].number = newValue }
    }

    public var desiredNumberScheduled: Int {
        get { json["desiredNumberScheduled"].number ?? 0 }
        set { json["desiredNumberScheduled"].number = newValue }
    }

    public var numberMisscheduled: Int {
        get { json["numberMisscheduled"].number ?? 0 }
        set { json["numberMisscheduled"].number = newValue }
    }

    public var numberReady: Int {
        get { json["numberReady"].number ?? 0 }
        set { json["numberReady"].number = newValue }
    }

    public var updatedNumberScheduled: Int {
        get { json["updatedNumberScheduled"].number ?? 0 }
        set { json["updatedNumberScheduled"].number = newValue == 0 ? nil : newValue }
    }

    public var numberAvailable: Int {
        get { json["numberAvailable"].number ?? 0 }
        set { json["numberAvailable"].number = newValue == 0 ? nil : newValue }
    }

    public var numberUnavailable: Int {
        get { json["numberUnavailable"].number ?? 0 }
        set { json["numberUnavailable"].number = newValue == 0 ? nil : newValue }
    }

    public var collisionCount: Int? {
        get { json["collisionCount"].number }
        set { json["collisionCount"].number = newValue }
    }
}
