internal import EdgeJSON

/// A part of the addresses behind a Service, all of one address family.
public struct EndpointSlice: ObjectView {
    public static let resource = "endpointslices.discovery.k8s.io"
    public static let apiVersion = "discovery.k8s.io/v1"
    public static let kind = "EndpointSlice"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var addressType: String {
        get { object.json["addressType"].text }
        set { object.json["addressType"].text = newValue }
    }

    public var endpoints: [Endpoint] {
        get { object.json["endpoints"].views() }
        set { object.json["endpoints"] = newValue.jsonValue }
    }

    public var ports: [EndpointPort] {
        get { object.json["ports"].views() }
        set { object.json["ports"] = newValue.jsonValue }
    }
}
