public import EdgeJSON

public struct ServiceSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var type: String {
        get { json["type"].optionalText ?? "ClusterIP" }
        set { json["type"].optionalText = newValue }
    }

    public var ports: [ServicePort] {
        get { json["ports"].views() }
        set { json["ports"] = newValue.jsonValue }
    }

    public var selector: [String: String] {
        get { json["selector"].stringMap }
        set { json["selector"].stringMap = newValue }
    }

    public var clusterIP: String {
        get { json["clusterIP"].text }
        set { json["clusterIP"].text = newValue }
    }

    public var clusterIPs: [String] {
        get { json["clusterIPs"].strings }
        set { json["clusterIPs"].strings = newValue }
    }

    public var externalIPs: [String] {
        get { json["externalIPs"].strings }
        set { json["externalIPs"].strings = newValue }
    }

    public var externalName: String {
        get { json["externalName"].text }
        set { json["externalName"].text = newValue }
    }

    public var sessionAffinity: String {
        get { json["sessionAffinity"].optionalText ?? "None" }
        set { json["sessionAffinity"].optionalText = newValue }
    }

    public var sessionAffinityConfig: JSONValue? {
        get { json["sessionAffinityConfig"] }
        set { json["sessionAffinityConfig"] = newValue }
    }

    public var externalTrafficPolicy: String {
        get { json["externalTrafficPolicy"].text }
        set { json["externalTrafficPolicy"].text = newValue }
    }

    public var internalTrafficPolicy: String? {
        get { json["internalTrafficPolicy"].optionalText }
        set { json["internalTrafficPolicy"].optionalText = newValue }
    }

    public var healthCheckNodePort: Int {
        get { json["healthCheckNodePort"].number ?? 0 }
        set { json["healthCheckNodePort"].number = newValue == 0 ? nil : newValue }
    }

    public var publishNotReadyAddresses: Bool {
        get { json["publishNotReadyAddresses"].flag }
        set { json["publishNotReadyAddresses"].flag = newValue }
    }

    public var ipFamilies: [String] {
        get { json["ipFamilies"].strings }
        set { json["ipFamilies"].strings = newValue }
    }

    public var ipFamilyPolicy: String? {
        get { json["ipFamilyPolicy"].optionalText }
        set { json["ipFamilyPolicy"].optionalText = newValue }
    }

    public var loadBalancerIP: String {
        get { json["loadBalancerIP"].text }
        set { json["loadBalancerIP"].text = newValue }
    }

    public var loadBalancerClass: String? {
        get { json["loadBalancerClass"].optionalText }
        set { json["loadBalancerClass"].optionalText = newValue }
    }

    public var loadBalancerSourceRanges: [String] {
        get { json["loadBalancerSourceRanges"].strings }
        set { json["loadBalancerSourceRanges"].strings = newValue }
    }

    public var allocateLoadBalancerNodePorts: Bool? {
        get { json["allocateLoadBalancerNodePorts"].optionalFlag }
        set { json["allocateLoadBalancerNodePorts"].optionalFlag = newValue }
    }

    public var trafficDistribution: String? {
        get { json["trafficDistribution"].optionalText }
        set { json["trafficDistribution"].optionalText = newValue }
    }
}

public struct ServicePort: JSONView {
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

    public var appProtocol: String? {
        get { json["appProtocol"].optionalText }
        set { json["appProtocol"].optionalText = newValue }
    }

    public var port: Int {
        get { json["port"].number ?? 0 }
        set { json["port"].number = newValue }
    }

    public var targetPort: IntOrString? {
        get { json["targetPort"].intOrString }
        set { json["targetPort"].intOrString = newValue }
    }

    public var nodePort: Int {
        get { json["nodePort"].number ?? 0 }
        set { json["nodePort"].number = newValue == 0 ? nil : newValue }
    }
}
