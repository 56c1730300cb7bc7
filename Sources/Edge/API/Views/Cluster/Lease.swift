public import EdgeBase
public import EdgeJSON

/// A claim that must be renewed.
public struct Lease: ObjectView {
    public static let resource = "leases.coordination.k8s.io"
    public static let apiVersion = "coordination.k8s.io/v1"
    public static let kind = "Lease"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: LeaseSpec {
        get { LeaseSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct LeaseSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var holderIdentity: String? {
        get { json["holderIdentity"].optionalText }
        set { json["holderIdentity"].optionalText = newValue }
    }

    public var leaseDurationSeconds: Int? {
        get { json["leaseDurationSeconds"].number }
        set { json["leaseDurationSeconds"].number = newValue }
    }

    public var acquireTime: Timestamp? {
        get { json["acquireTime"].microTime }
        set { json["acquireTime"].microTime = newValue }
    }

    public var renewTime: Timestamp? {
        get { json["renewTime"].microTime }
        set { json["renewTime"].microTime = newValue }
    }

    public var leaseTransitions: Int? {
        get { json["leaseTransitions"].number }
        set { json["leaseTransitions"].number = newValue }
    }
}
