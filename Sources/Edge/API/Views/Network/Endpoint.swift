public import EdgeJSON

public struct Endpoint: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var addresses: [String] {
        get { json["addresses"].strings }
        set { json["addresses"].strings = newValue }
    }

    public var conditions: EndpointConditions {
        get { EndpointConditions(json["conditions"] ?? .object(JSONObject())) }
        set { json["conditions"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var hostname: String? {
        get { json["hostname"].optionalText }
        set { json["hostname"].optionalText = newValue }
    }

    public var nodeName: String? {
        get { json["nodeName"].optionalText }
        set { json["nodeName"].optionalText = newValue }
    }

    public var zone: String? {
        get { json["zone"].optionalText }
        set { json["zone"].optionalText = newValue }
    }

    public var targetRef: ObjectReference? {
        get { json["targetRef"].map(ObjectReference.init) }
        set { json["targetRef"] = newValue?.json }
    }

    public var hints: JSONValue? {
        get { json["hints"] }
        set { json["hints"] = newValue }
    }

    public var deprecatedTopology: [String: String] {
        get { json["deprecatedTopology"].stringMap }
        set { json["deprecatedTopology"].stringMap = newValue }
    }
}

/// A missing `ready` and `serving` count as true, a missing `terminating` as false.
public struct EndpointConditions: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var ready: Bool {
        get { json["ready"].optionalFlag ?? true }
        set { json["ready"].optionalFlag = newValue }
    }

    public var serving: Bool {
        get { json["serving"].optionalFlag ?? true }
        set { json["serving"].optionalFlag = newValue }
    }

    public var terminating: Bool {
        get { json["terminating"].optionalFlag ?? false }
        set { json["terminating"].optionalFlag = newValue }
    }
}

public struct EndpointPort: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var `protocol`: String {
        get { json["protocol"].optionalText ?? "TCP" }
        set { json["protocol"].optionalText = newValue }
    }

    public var port: Int? {
        get { json["port"].number }
        set { json["port"].number = newValue }
    }

    public var appProtocol: String? {
        get { json["appProtocol"].optionalText }
        set { json["appProtocol"].optionalText = newValue }
    }
}
