public import EdgeBase
public import EdgeJSON

/// Jobs by a schedule.
public struct CronJob: ObjectView {
    public static let resource = "cronjobs.batch"
    public static let apiVersion = "batch/v1"
    public static let kind = "CronJob"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: CronJobSpec {
        get { CronJobSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: CronJobStatus {
        get { CronJobStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct CronJobSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var schedule: String {
        get { json["schedule"].text }
        set { json["schedule"].text = newValue }
    }

    public var timeZone: String? {
        get { json["timeZone"].optionalText }
        set { json["timeZone"].optionalText = newValue }
    }

    public var startingDeadlineSeconds: Int? {
        get { json["startingDeadlineSeconds"].number }
        set { json["startingDeadlineSeconds"].number = newValue }
    }

    public var concurrencyPolicy: String {
        get { json["concurrencyPolicy"].optionalText ?? "Allow" }
        set { json["concurrencyPolicy"].optionalText = newValue }
    }

    public var suspend: Bool {
        get { json["suspend"].flag }
        set { json["suspend"].flag = newValue }
    }

    public var jobTemplate: JobTemplateSpec {
        get { JobTemplateSpec(json["jobTemplate"] ?? .object(JSONObject())) }
        set { json["jobTemplate"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var successfulJobsHistoryLimit: Int {
        get { json["successfulJobsHistoryLimit"].number ?? 3 }
        set { json["successfulJobsHistoryLimit"].number = newValue }
    }

    public var failedJobsHistoryLimit: Int {
        get { json["failedJobsHistoryLimit"].number ?? 1 }
        set { json["failedJobsHistoryLimit"].number = newValue }
    }
}

public struct JobTemplateSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var metadata: ObjectMetadata {
        get { ObjectMetadata(json["metadata"] ?? .object(JSONObject())) }
        set { json["metadata"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var spec: JobSpec {
        get { JobSpec(json["spec"] ?? .object(JSONObject())) }
        set { json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct CronJobStatus: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var active: [ObjectReference] {
        get { json["active"].views() }
        set { json["active"] = newValue.jsonValue }
    }

    public var lastScheduleTime: Timestamp? {
        get { json["lastScheduleTime"].time }
        set { json["lastScheduleTime"].time = newValue }
    }

    public var lastSuccessfulTime: Timestamp? {
        get { json["lastSuccessfulTime"].time }
        set { json["lastSuccessfulTime"].time = newValue }
    }
}
