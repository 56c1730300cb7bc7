public import EdgeJSON

/// Pods with numbers, names and volumes of their own.
public struct StatefulSet: ObjectView {
    public static let resource = "statefulsets.apps"
    public static let apiVersion = "apps/v1"
    public static let kind = "StatefulSet"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: StatefulSetSpec {
        get { StatefulSetSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: StatefulSetStatus {
        get { StatefulSetStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct StatefulSetSpec: JSONView {
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

    public var serviceName: String {
        get { json["serviceName"].text }
        set { json["serviceName"].text = newValue }
    }

    public var podManagementPolicy: String {
        get { json["podManagementPolicy"].optionalText ?? "OrderedReady" }
        set { json["podManagementPolicy"].optionalText = newValue }
    }

    public var updateStrategy: StatefulSetUpdateStrategy {
        get { StatefulSetUpdateStrategy(json["updateStrategy"] ?? .object(JSONObject())) }
        set { json["updateStrategy"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var volumeClaimTemplates: [PersistentVolumeClaimTemplate] {
        get { json["volumeClaimTemplates"].views() }
        set { json["volumeClaimTemplates"] = newValue.jsonValue }
    }

    public var revisionHistoryLimit: Int {
        get { json["revisionHistoryLimit"].number ?? 10 }
        set { json["revisionHistoryLimit"].number = newValue }
    }

    public var minReadySeconds: Int {
        get { json["minReadySeconds"].number ?? 0 }
        set { json["minReadySeconds"].number = newValue == 0 ? nil : newValue }
    }

    public var ordinals: StatefulSetOrdinals {
        get { StatefulSetOrdinals(json["ordinals"] ?? .object(JSONObject())) }
        set { json["ordinals"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var persistentVolumeClaimRetentionPolicy: ClaimRetentionPolicy {
        get { ClaimRetentionPolicy(json["persistentVolumeClaimRetentionPolicy"] ?? .object(JSONObject())) }
        set { json["persistentVolumeClaimRetentionPolicy"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct StatefulSetUpdateStrategy: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var type: String {
        get { json["type"].optionalText ?? "RollingUpdate" }
        set { json["type"].optionalText = newValue }
    }

    public var rollingUpdate: RollingUpdateStatefulSet {
        get { RollingUpdateStatefulSet(json["rollingUpdate"] ?? .object(JSONObject())) }
        set { json["rollingUpdate"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct RollingUpdateStatefulSet: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var partition: Int {
        get { json["partition"].number ?? 0 }
        set { json["partition"].number = newValue == 0 ? nil : newValue }
    }

    public var maxUnavailable: IntOrString? {
        get { json["maxUnavailable"].intOrString }
        set { json["maxUnavailable"].intOrString = newValue }
    }
}

public struct StatefulSetOrdinals: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var start: Int {
        get { json["start"].number ?? 0 }
        set { json["start"].number = newValue == 0 ? nil : newValue }
    }
}

public struct ClaimRetentionPolicy: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var whenDeleted: String {
        get { json["whenDeleted"].optionalText ?? "Retain" }
        set { json["whenDeleted"].optionalText = newValue }
    }

    public var whenScaled: String {
        get { json["whenScaled"].optionalText ?? "Retain" }
        set { json["whenScaled"].optionalText = newValue }
    }
}

public struct StatefulSetStatus: ConditionHolder {
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

    public var readyReplicas: Int {
        get { json["readyReplicas"].number ?? 0 }
        set { json["readyReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var currentReplicas: Int {
        get { json["currentReplicas"].number ?? 0 }
        set { json["currentReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var updatedReplicas: Int {
        get { json["updatedReplicas"].number ?? 0 }
        set { json["updatedReplicas"].number = newValue == 0 ? nil : newValue }
    }

    public var availableReplicas: Int {
        get { json["availableReplicas"].number ?? 0 }
        set { json["availableReplicas"].number = newValue }
    }

    public var currentRevision: String {
        get { json["currentRevision"].text }
        set { json["currentRevision"].text = newValue }
    }

    public var updateRevision: String {
        get { json["updateRevision"].text }
        set { json["updateRevision"].text = newValue }
    }

    public var collisionCount: Int? {
        get { json["collisionCount"].number }
        set { json["collisionCount"].number = newValue }
    }
}
