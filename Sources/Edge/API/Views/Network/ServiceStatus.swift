public import EdgeJSON

public struct ServiceStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var loadBalancer: LoadBalancerStatus {
        get { LoadBalancerStatus(json["loadBalancer"] ?? .object(JSONObject())) }
        set { json["loadBalancer"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct LoadBalancerStatus: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var ingress: [LoadBalancerIngress] {
        get { json["ingress"].views() }
        set { json["ingress"] = newValue.jsonValue }
    }
}

public struct LoadBalancerIngress: JSONView {
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

    public var ipMode: String? {
        get { json["ipMode"].optionalText }
        set { json["ipMode"].optionalText = newValue }
    }

    public var ports: JSONValue? {
        get { json["ports"] }
        set { json["ports"] = newValue }
    }
}
