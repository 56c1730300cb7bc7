internal import EdgeJSON

extension Defaulter {
    /// Addresses, node ports and IP families are not defaults: the server allocates them.
    static func service(_ service: inout JSONValue) {
        service.updateMaking("spec") { spec in
            spec.setDefaultIfEmpty("sessionAffinity", "None")
            spec.setDefaultIfEmpty("type", "ClusterIP")
            if spec["sessionAffinity"].text == "None" { spec["sessionAffinityConfig"] = nil }
            if spec["sessionAffinity"].text == "ClientIP" {
                spec.updateMaking("sessionAffinityConfig") { config in
                    config.updateMaking("clientIP") { $0.setDefault("timeoutSeconds", 10800) }
                }
            }
            spec.updateEach("ports") { port in
                port.setDefaultIfEmpty("protocol", "TCP")
                if let number = port["port"] { port.setDefaultIfEmpty("targetPort", number) }
            }
            trafficPolicies(&spec)
        }
        guard service[path: "spec", "type"]?.string == "LoadBalancer" else { return }
        service.update("status") { status in
            status.update("loadBalancer") { balancer in
                balancer.updateEach("ingress") { ingress in
                    if !ingress["ip"].text.isEmpty { ingress.setDefault("ipMode", "VIP") }
                }
            }
        }
    }

    private static func trafficPolicies(_ spec: inout JSONValue) {
        let type = spec["type"].text
        let isReachableFromOutside =
            type == "NodePort" || type == "LoadBalancer"
            || (type == "ClusterIP" && !spec["externalIPs"].strings.isEmpty)
        if isReachableFromOutside { spec.setDefaultIfEmpty("externalTrafficPolicy", "Cluster") }
        if type != "ExternalName" { spec.setDefault("internalTrafficPolicy", "Cluster") }
        if type == "LoadBalancer" { spec.setDefault("allocateLoadBalancerNodePorts", true) }
    }

    static func endpoints(_ endpoints: inout JSONValue) {
        endpoints.updateEach("subsets") { subset in
            subset.updateEach("ports") { $0.setDefaultIfEmpty("protocol", "TCP") }
        }
    }

    static func endpointSlice(_ slice: inout JSONValue) {
        slice.updateEach("ports") { port in
            port.setDefault("name", "")
            port.setDefault("protocol", "TCP")
        }
    }

    static func networkPolicy(_ policy: inout JSONValue) {
        policy.updateMaking("spec") { spec in
            for direction in ["ingress", "egress"] {
                spec.updateEach(direction) { rule in
                    rule.updateEach("ports") { $0.setDefault("protocol", "TCP") }
                }
            }
            guard (spec["policyTypes"]?.array ?? []).isEmpty else { return }
            let hasEgress = !(spec["egress"]?.array ?? []).isEmpty
            spec["policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"]
        }
    }

    static func ingressClass(_ ingressClass: inout JSONValue) {
        ingressClass.update("spec") { spec in
            spec.update("parameters") { $0.setDefault("scope", "Cluster") }
        }
    }
}
