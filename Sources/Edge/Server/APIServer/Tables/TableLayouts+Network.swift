internal import EdgeAPI
internal import EdgeJSON

extension TableLayouts {
    static let network: [String: [TableColumn]] = [
        "services": [
            .objectName,
            .text("Type", Service.self) { $0.spec.type },
            .text("Cluster-IP", Service.self) { CellText.orNone($0.spec.clusterIP) },
            .text("External-IP", Service.self) { externalAddress($0) },
            .text("Port(s)", Service.self) { CellText.orNone(servicePorts($0)) },
            .age,
            .text("Selector", Service.self, priority: 1) { CellText.labels($0.spec.selector) },
        ],
        "endpoints": [
            .objectName,
            .text("Endpoints", Endpoints.self) { endpointList($0) },
            .age,
        ],
        "endpointslices.discovery.k8s.io": [
            .objectName,
            .text("AddressType", EndpointSlice.self) { $0.addressType },
            .text("Ports", EndpointSlice.self) { slice in
                CellText.shortList(
                    slice.ports.map { $0.port.map(String.init) ?? "*" }, whenEmpty: "<unset>")
            },
            .text("Endpoints", EndpointSlice.self) { slice in
                CellText.shortList(slice.endpoints.flatMap(\.addresses), whenEmpty: "<unset>")
            },
            .age,
        ],
        "ingresses.networking.k8s.io": [
            .objectName,
            .text("Class") { ingress in
                let annotation = ingress[annotation: "kubernetes.io/ingress.class"] ?? ""
                let name = ingress[path: "spec", "ingressClassName"].text
                return CellText.orNone(name.isEmpty ? annotation : name)
            },
            .text("Hosts") { ingress in
                let rules = ingress[path: "spec", "rules"]?.array ?? []
                let hosts = rules.map { $0["host"].text }.filter { !$0.isEmpty }
                return CellText.shortList(hosts, whenEmpty: "*")
            },
            .text("Address") { loadBalancer($0).joined(separator: ",") },
            .text("Ports") { ($0[path: "spec", "tls"]?.array ?? []).isEmpty ? "80" : "80, 443" },
            .age,
        ],
        "ingressclasses.networking.k8s.io": [
            .objectName,
            .text("Controller") { $0[path: "spec", "controller"].text },
            .text("Parameters") { object in
                guard let parameters = object[path: "spec", "parameters"] else { return "<none>" }
                let group = parameters["apiGroup"].text
                let kind = parameters["kind"].text
                return "\(group.isEmpty ? kind : "\(kind).\(group)")/\(parameters["name"].text)"
            },
            .age,
        ],
        "networkpolicies.networking.k8s.io": [
            .objectName,
            .text("Pod-Selector") { CellText.selector($0[path: "spec", "podSelector"]) },
            .age,
        ],
        "servicecidrs.networking.k8s.io": [
            .objectName,
            .text("CIDRs") { $0[path: "spec", "cidrs"].strings.joined(separator: ",") },
            .age,
        ],
        "ipaddresses.networking.k8s.io": [
            .objectName,
            .text("ParentRef") { object in
                let parent = object[path: "spec", "parentRef"] ?? .null
                let group = parent["group"].text
                let resource = parent["resource"].text
                let parts = [
                    group.isEmpty ? resource : "\(resource).\(group)", parent["namespace"].text,
                    parent["name"].text,
                ]
                return parts.filter { !$0.isEmpty }.joined(separator: "/")
            },
            .age,
        ],
    ]

    private static func servicePorts(_ service: Service) -> String {
        service.spec.ports.map { port in
            port.nodePort > 0
                ? "\(port.port):\(port.nodePort)/\(port.protocol)" : "\(port.port)/\(port.protocol)"
        }
        .joined(separator: ",")
    }

    private static func externalAddress(_ service: Service) -> String {
        let addresses = service.spec.externalIPs
        switch service.spec.type {
        case "ClusterIP", "NodePort": return CellText.orNone(addresses.joined(separator: ","))
        case "ExternalName": return service.spec.externalName
        case "LoadBalancer":
            let all = loadBalancer(service.object) + addresses
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        default: return "<unknown>"
        }
    }

    private static func loadBalancer(_ object: APIObject) -> [String] {
        let ingress = object[path: "status", "loadBalancer", "ingress"]?.array ?? []
        let names = ingress.map { $0["ip"].text.isEmpty ? $0["hostname"].text : $0["ip"].text }
        return Set(names).subtracting([""]).sorted()
    }

    private static func endpointList(_ endpoints: Endpoints) -> String {
        var list: [String] = []
        for subset in endpoints.subsets {
            if subset.ports.isEmpty { list += subset.addresses.map(\.ip) }
            for port in subset.ports {
                list += subset.addresses.map { address in
                    let host = address.ip.contains(":") ? "[\(address.ip)]" : address.ip
                    return "\(host):\(port.port ?? 0)"
                }
            }
        }
        return CellText.shortList(list, whenEmpty: "<none>")
    }
}
