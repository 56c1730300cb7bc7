internal import EdgeBase
public import EdgeJSON

extension ServiceEntry {
    /// The ports of a v1 Service that the proxy serves. Empty for headless Services, for those of type
    /// ExternalName and for those that name another proxy (`service.kubernetes.io/service-proxy-name`).
    /// Addresses and ports that are not well-formed are left out: the API server has validated them.
    public static func entries(ofService object: JSONValue) -> [ServiceEntry] {
        guard let spec = object["spec"], let namespace = object[path: "metadata", "namespace"]?.string,
            let name = object[path: "metadata", "name"]?.string,
            object[path: "metadata", "labels", "service.kubernetes.io/service-proxy-name"] == nil
        else { return [] }
        let type = spec["type"]?.string ?? "ClusterIP"
        let clusterIPs = addresses(spec["clusterIPs"] ?? .array([spec["clusterIP"] ?? .null]))
        guard type != "ExternalName", !clusterIPs.isEmpty else { return [] }
        let isBalanced = type == "LoadBalancer"
        let hasNodePorts = isBalanced || type == "NodePort"
        let template = ServiceEntry(
            portName: ServicePortName(
                service: ServiceName(namespace: namespace, name: name), port: "", transport: .tcp),
            clusterIPs: clusterIPs, port: 0, externalIPs: addresses(spec["externalIPs"]),
            loadBalancerIPs: isBalanced ? balancerAddresses(object) : [],
            loadBalancerSourceRanges: isBalanced ? sourceRanges(spec) : [],
            affinityTimeout: affinityTimeout(spec),
            internalTrafficPolicy: policy(spec["internalTrafficPolicy"]),
            externalTrafficPolicy: policy(spec["externalTrafficPolicy"]),
            healthCheckNodePort: isBalanced ? portNumber(spec["healthCheckNodePort"]) : nil)
        return (spec["ports"]?.array ?? []).compactMap { port in
            guard let number = portNumber(port["port"]),
                let transport = TransportProtocol(name: port["protocol"]?.string ?? "TCP")
            else { return nil }
            var entry = template
            entry.portName = ServicePortName(
                service: template.portName.service, port: port["name"]?.string ?? "", transport: transport)
            entry.port = number
            entry.nodePort = hasNodePorts ? portNumber(port["nodePort"]) : nil
            return entry
        }
    }

    private static func addresses(_ list: JSONValue?) -> [IPAddress] {
        (list?.strings ?? []).compactMap { IPAddress($0) }
    }

    /// Addresses with `ipMode: Proxy` are reached by way of the load balancer even from within.
    private static func balancerAddresses(_ object: JSONValue) -> [IPAddress] {
        (object[path: "status", "loadBalancer", "ingress"]?.array ?? [])
            .filter { $0["ipMode"]?.string != "Proxy" }
            .compactMap { $0["ip"]?.string.flatMap { IPAddress($0) } }
    }

    /// Ranges that are not well-formed let nobody in, rather than everybody.
    private static func sourceRanges(_ spec: JSONValue) -> [CIDR] {
        let texts = spec["loadBalancerSourceRanges"]?.strings ?? []
        let nobody = CIDR("255.255.255.255/32").map { [$0] } ?? []
        let ranges = texts.compactMap { CIDR(String($0.filter { $0 != " " })) }
        return !texts.isEmpty && ranges.isEmpty ? nobody : ranges
    }

    private static func affinityTimeout(_ spec: JSONValue) -> UInt32? {
        guard spec["sessionAffinity"]?.string == "ClientIP" else { return nil }
        let seconds = spec[path: "sessionAffinityConfig", "clientIP", "timeoutSeconds"]?.int ?? 10_800
        return UInt32(clamping: max(seconds, 1))
    }

    private static func policy(_ value: JSONValue?) -> TrafficPolicy {
        value?.string == "Local" ? .local : .cluster
    }

    static func portNumber(_ value: JSONValue?) -> UInt16? {
        value?.int.flatMap { UInt16(exactly: $0) }.flatMap { $0 == 0 ? nil : $0 }
    }
}
