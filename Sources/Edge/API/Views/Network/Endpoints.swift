public import EdgeJSON

/// The older form of a Service's addresses.
public struct Endpoints: ObjectView {
    public static let resource = "endpoints"
    public static let apiVersion = "v1"
    public static let kind = "Endpoints"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var subsets: [EndpointSubset] {
        get { object.json["subsets"].views() }
        set { object.json["subsets"] = newValue.jsonValue }
    }
}

public struct EndpointSubset: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var addresses: [EndpointAddress] {
        get { json["addresses"].views() }
        set { json["addresses"] = newValue.jsonValue }
    }

    public var notReadyAddresses: [EndpointAddress] {
        get { json["notReadyAddresses"].views() }
        set { json["notReadyAddresses"] = newValue.jsonValue }
    }

    public var ports: [EndpointPort] {
        get { json["ports"].views() }
        set { json["ports"] = newValue.jsonValue }
    }
}

public struct EndpointAddress: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var ip: String {
        get { json["ip"].text }
        set { json["ip"].text = newValue }
    }

    public var hostname: String {
        get { json["hostname"].text }
        set { json["hostname"].text = newValue }
    }

    public var nodeName: String? {
        get { json["nodeName"].optionalText }
        set { json["nodeName"].optionalText = newValue }
    }

    public var targetRef: ObjectReference? {
        get { json["targetRef"].map(ObjectReference.init) }
        set { json["targetRef"] = newValue?.json }
    }
}
