public import EdgeBase
public import EdgeJSON

/// Pods that run to completion.
public struct Job: ObjectView {
    public static let resource = "jobs.batch"
    public static let apiVersion = "batch/v1"
    public static let kind = "Job"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: JobSpec {
        get { JobSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: JobStatus {
        get { JobStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct JobSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var parallelism: Int {
        get { json["parallelism"].number ?? 1 }
        set { json["parallelism"].number = newValue }
    }

    public var completions: Int? {
        get { json["completions"].number }
        set { json["completions"].number = newValue }
    }

    public var completionMode: String {
        get { json["completionMode"].optionalText ?? "NonIndexed" }
        set { json["completionMode"].optionalText = newValue }
    }

    public var activeDeadlineSeconds: Int? {
        get { json["activeDeadlineSeconds"].number }
        set { json["activeDeadlineSeconds"].number = newValue }
    }

    public var backoffLimit: Int {
        get { json["backoffLimit"].number ?? 6 }
        set { json["backoffLimit"].number = newValue }
    }

    public var backoffLimitPerIndex: Int? {
        get { json["backoffLimitPerIndex"].number }
        set { json["backoffLimitPerIndex"].number = newValue }
    }

    public var maxFailedIndexes: Int? {
        get { json["maxFailedIndexes"].number }
        set { json["maxFailedIndexes"].number = newValue }
    }

    public var podFailurePolicy: PodFailurePolicy? {
        get { json["podFailurePolicy"].map(PodFailurePolicy.init) }
        set { json["podFailurePolicy"] = newValue?.json }
    }

    public var successPolicy: JSONValue? {
        get { json["successPolicy"] }
        set { json["successPolicy"] = newValue }
    }

    public var podReplacementPolicy: String {
        get { json["podReplacementPolicy"].optionalText ?? "TerminatingOrFailed" }
        set { json["podReplacementPolicy"].optionalText = newValue }
    }

    public var selector: LabelSelector { (try? LabelSelector(object: json["selector"])) ?? .nothing }

    public var manualSelector: Bool {
        get { json["manualSelector"].flag }
        set { json["manualSelector"].flag = newValue }
    }

    public var template: PodTemplateSpec {
        get { PodTemplateSpec(json["template"] ?? .object(JSONObject())) }
        set { json["template"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var ttlSecondsAfterFinished: Int? {
        get { json["ttlSecondsAfterFinished"].number }
        set { json["ttlSecondsAfterFinished"].number = newValue }
    }

    public var suspend: Bool {
        get { json["suspend"].flag }
        set { json["suspend"].flag = newValue }
    }

    public var managedBy: String? {
        get { json["managedBy"].optionalText }
        set { json["managedBy"].optionalText = newValue }
    }
}

public struct JobStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var startTime: Timestamp? {
        get { json["startTime"].time }
        set { json["startTime"].time = newValue }
    }

    public var completionTime: Timestamp? {
        get { json["completionTime"].time }
        set { json["completionTime"].time = newValue }
    }

    public var active: Int {
        get { json["active"].number ?? 0 }
        set { json["active"].number = newValue == 0 ? nil : newValue }
    }

    public var succeeded: Int {
        get { json["succeeded"].number ?? 0 }
        set { json["succeeded"].number = newValue == 0 ? nil : newValue }
    }

    public var failed: Int {
        get { json["failed"].number ?? 0 }
        set { json["failed"].number = newValue == 0 ? nil : newValue }
    }

    public var terminating: Int? {
        get { json["terminating"].number }
        set { json["terminating"].number = newValue }
    }

    public var ready: Int? {
        get { json["ready"].number }
        set { json["ready"].number = newValue }
    }

    public var completedIndexes: String {
        get { json["completedIndexes"].text }
        set { json["completedIndexes"].text = newValue }
    }

    public var failedIndexes: String? {
        get { json["failedIndexes"].optionalText }
        set { json["failedIndexes"].optionalText = newValue }
    }

    public var uncountedTerminatedPods: UncountedTerminatedPods? {
        get { json["uncountedTerminatedPods"].map(UncountedTerminatedPods.init) }
        set { json["uncountedTerminatedPods"] = newValue?.json }
    }
}

/// Uids of pods that have ended but are not yet counted.
public struct UncountedTerminatedPods: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var succeeded: [String] {
        get { json["succeeded"].strings }
        set { json["succeeded"].strings = newValue }
    }

    public var failed: [String] {
        get { json["failed"].strings }
        set { json["failed"].strings = newValue }
    }
}
