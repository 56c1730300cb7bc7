public import EdgeBase
public import EdgeJSON

/// A report about an object.
public struct Event: ObjectView {
    public static let resource = "events"
    public static let apiVersion = "v1"
    public static let kind = "Event"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var involvedObject: ObjectReference {
        get { ObjectReference(object.json["involvedObject"] ?? .object(JSONObject())) }
        set { object.json["involvedObject"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var reason: String {
        get { object.json["reason"].text }
        set { object.json["reason"].text = newValue }
    }

    public var message: String {
        get { object.json["message"].text }
        set { object.json["message"].text = newValue }
    }

    public var source: EventSource {
        get { EventSource(object.json["source"] ?? .object(JSONObject())) }
        set { object.json["source"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var firstTimestamp: Timestamp? {
        get { object.json["firstTimestamp"].time }
        set { object.json["firstTimestamp"].time = newValue }
    }

    public var lastTimestamp: Timestamp? {
        get { object.json["lastTimestamp"].time }
        set { object.json["lastTimestamp"].time = newValue }
    }

    public var count: Int {
        get { object.json["count"].number ?? 0 }
        set { object.json["count"].number = newValue == 0 ? nil : newValue }
    }

    public var type: String {
        get { object.json["type"].optionalText ?? "Normal" }
        set { object.json["type"].optionalText = newValue }
    }

    public var eventTime: Timestamp? {
        get { object.json["eventTime"].microTime }
        set { object.json["eventTime"].microTime = newValue }
    }

    public var series: EventSeries? {
        get { object.json["series"].map(EventSeries.init) }
        set { object.json["series"] = newValue?.json }
    }

    public var action: String {
        get { object.json["action"].text }
        set { object.json["action"].text = newValue }
    }

    public var related: ObjectReference? {
        get { object.json["related"].map(ObjectReference.init) }
        set { object.json["related"] = newValue?.json }
    }

    public var reportingController: String {
        get { object.json["reportingComponent"].text }
        set { object.json["reportingComponent"].text = newValue }
    }

    public var reportingInstance: String {
        get { object.json["reportingInstance"].text }
        set { object.json["reportingInstance"].text = newValue }
    }
}

public struct EventSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var component: String {
        get { json["component"].text }
        set { json["component"].text = newValue }
    }

    public var host: String {
        get { json["host"].text }
        set { json["host"].text = newValue }
    }
}

public struct EventSeries: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var count: Int {
        get { json["count"].number ?? 0 }
        set { json["count"].number = newValue == 0 ? nil : newValue }
    }

    public var lastObservedTime: Timestamp? {
        get { json["lastObservedTime"].microTime }
        set { json["lastObservedTime"].microTime = newValue }
    }
}
