internal import EdgeAPI
internal import EdgeJSON

/// A service with the endpoints behind its ports.
enum DescribeService {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let service = describer.object
        let spec = service["spec"]
        description.head(service)
        let selector = (spec?["selector"]).members.map { "\($0.key)=\($0.value.string ?? "")" }
        description.field(0, "Selector", selector.isEmpty ? "<none>" : selector.joined(separator: ","))
        description.field(0, "Type", (spec?["type"]).shown)
        description.fieldIfPresent(0, "IP Family Policy", spec?["ipFamilyPolicy"]?.string)
        description.field(0, "IP Families", joined(spec?["ipFamilies"], none: "<none>"))
        description.field(0, "IP", (spec?["clusterIP"]).shown)
        description.field(0, "IPs", joined(spec?["clusterIPs"], none: "<none>"))
        description.fieldIfPresent(0, "External IPs", joined(spec?["externalIPs"]))
        description.fieldIfPresent(0, "Desired LoadBalancer IP", spec?["loadBalancerIP"]?.string)
        description.fieldIfPresent(0, "External Name", spec?["externalName"]?.string)
        let ingress = service[path: "status", "loadBalancer", "ingress"].elements.map { entry in
            guard let address = entry["ip"]?.string, !address.isEmpty else { return entry["hostname"].shown }
            let mode = entry["ipMode"].shown
            return mode.isEmpty ? address : "\(address) (\(mode))"
        }
        description.fieldIfPresent(0, "LoadBalancer Ingress", ingress.joined(separator: ", "))
        let slices = try await describer.list(
            "EndpointSlice", "discovery.k8s.io/v1", namespace: service.namespace,
            labelSelector: "kubernetes.io/service-name=\(service.name)")
        ports(spec, slices, to: &description)
        description.field(0, "Session Affinity", (spec?["sessionAffinity"]).shown)
        description.fieldIfPresent(0, "External Traffic Policy", spec?["externalTrafficPolicy"]?.string)
        description.fieldIfPresent(0, "Internal Traffic Policy", spec?["internalTrafficPolicy"]?.string)
        if let port = spec?["healthCheckNodePort"]?.int, port != 0 {
            description.field(0, "HealthCheck NodePort", "\(port)")
        }
        description.fieldIfPresent(
            0, "LoadBalancer Source Ranges", joined(spec?["loadBalancerSourceRanges"]))
        description.fieldIfPresent(0, "Traffic Distribution", spec?["trafficDistribution"]?.string)
        await describer.events(to: &description)
    }

    private static func joined(_ list: JSONValue?, none: String = "") -> String {
        let texts = list?.strings ?? []
        return texts.isEmpty ? none : texts.joined(separator: ",")
    }

    private static func ports(_ spec: JSONValue?, _ slices: [APIObject], to description: inout Description) {
        for port in (spec?["ports"]).elements {
            let name = port["name"].shown
            let shownName = name.isEmpty ? "<unset>" : name
            let proto = port["protocol"].shown
            description.line(0, "Port:\t\(shownName)\t\(port["port"].whole)/\(proto)")
            let target = port["targetPort"] == nil ? "0" : port["targetPort"].shown
            description.field(0, "TargetPort", "\(target)/\(proto)")
            description.fieldIfPresent(0, "AppProtocol", port["appProtocol"]?.string)
            if port["nodePort"].whole != 0 {
                description.line(0, "NodePort:\t\(shownName)\t\(port["nodePort"].whole)/\(proto)")
            }
            description.field(0, "Endpoints", EndpointText.endpoints(slices, port: name))
        }
    }
}
