public import EdgeJSON

/// Pods of one template, rolled out by way of ReplicaSets.
public struct Deployment: ObjectView {
    public static let resource = "deployments.apps"
    public static let apiVersion = "apps/v1"
    public static let kind = "Deployment"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: DeploymentSpec {
        get { DeploymentSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: DeploymentStatus {
        get { DeploymentStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct DeploymentSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var replicas: Int {
        get { json["replicas"].number ?? 1 }
        set { json["replicas"].number = newValue }
    }

    public var selector: LabelSelector { (try? LabelSelector(object: json["selector"])) ?? .nothing }

    public var template: PodTemplateSpec {
        get { PodTemplateSpec(json["template"] ?? .object(JSONObject())) }
        set { json["template"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var strategy: DeploymentStrategy {
        get { DeploymentStrategy(json["strategy"] ?? .object(JSONObject())) }
        set { json["strategy"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var minReadySeconds: Int {
        get { json["minReadySeconds"].number ?? 0 }
        set { json["minReadySeconds"].number = newValue == 0 ? nil : newValue }
    }

    public var revisionHistoryLimit: Int {
        get { json["revisionHistoryLimit"].number ?? 10 }
        set { json["revisionHistoryLimit"].number = newValue }
    }

    public var progressDeadlineSeconds: Int {
        get { json["progressDeadlineSeconds"].number ?? 600 }
        set { json["progressDeadlineSeconds"].number = newValue }
    }

    public var paused: Bool {
        get { json["paused"].flag }
        set { json["paused"].flag = newValue }
    }
}

public struct DeploymentStrategy: JSONView {
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

public struct RollingUpdateDeployment: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var maxUnavailable: IntOrString? {
        get { json["maxUnavailable"].intOrString }
        set { json["maxUnavailable"].intOrString = newValue }
    }

    public var maxSurge: IntOrString? {
        get { json["maxSurge"].intOrString }
        set { json["maxSurge"].intOrString = newValue }
    }
}

public struct DeploymentStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var observedGeneration: Int {
        get { json["observedGeneration"].number ?? 0 }
        set { json["observedGeneration"].number = newValue == 0 ? nil : newValue }
    }

    public var replicas: Int {
        get { json["replicas"].number ?? 0 }
        set { json["replicas"].number = newValue == 0 ? nil : newValue }
    }

    public var updatedReplicas: Int {
        get { json["updatedReplicas"].number ?? 0 }
        set { json["updatedReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var readyReplicas: Int {
        get { json["readyReplicas"].number ?? 0 }
        set { json["readyReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var availableReplicas: Int {
        get { json["availableReplicas"].number ?? 0 }
        set { json["availableReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var unavailableReplicas: Int {
        get { json["unavailableReplicas"].number ?? 0 }
        set { json["unavailableReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var terminatingReplicas: Int? {
        get { json["terminatingReplicas"].number }
        set { json["terminatingReplicas"].number = newValue }
    }

    public var collisionCount: Int? {
        get { json["collisionCount"].number }
        set { json["collisionCount"].number = newValue }
    }
}
