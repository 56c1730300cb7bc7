public import EdgeJSON

/// A number of pods of one template.
public struct ReplicaSet: ObjectView {
    public static let resource = "replicasets.apps"
    public static let apiVersion = "apps/v1"
    public static let kind = "ReplicaSet"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: ReplicaSetSpec {
        get { ReplicaSetSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: ReplicaSetStatus {
        get { ReplicaSetStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct ReplicaSetSpec: JSONView {
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

    public var minReadySeconds: Int {
        get { json["minReadySeconds"].number ?? 0 }
        set { json["minReadySeconds"].number = newValue == 0 ? nil : newValue }
    }
}

public struct ReplicaSetStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var observedGeneration: Int {
        get { json["observedGeneration"].number ?? 0 }
        set { json["observedGeneration"].number = newValue == 0 ? nil : newValue }
    }

    public var replicas: Int {
        get { json["replicas"].number ?? 0 }
        set { json["replicas"].number = newValue }
    }

    public var fullyLabeledReplicas: Int {
        get { json["fullyLabeledReplicas"].number ?? 0 }
        set { json["fullyLabeledReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var readyReplicas: Int {
        get { json["readyReplicas"].number ?? 0 }
        set { json["readyReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var availableReplicas: Int {
        get { json["availableReplicas"].number ?? 0 }
        set { json["availableReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var terminatingReplicas: Int? {
        get { json["terminatingReplicas"].number }
        set { json["terminatingReplicas"].number = newValue }
    }
}
