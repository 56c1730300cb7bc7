internal import EdgeJSON

extension ResourceStrategy {
    /// Keeps what was allocated and the user did not repeat, and drops what the new type has no use for.
    static let updateService: Update = { new, old in
        var spec = Service(new).spec
        let former = Service(old).spec
        keepAllocations(&spec, former)
        dropUnused(&spec, former)
        new["spec"] = spec.json
    }

    private static func keepAllocations(_ new: inout ServiceSpec, _ old: ServiceSpec) {
        if old.needsClusterIP, new.needsClusterIP {
            if new.clusterIP.isEmpty { new.clusterIP = old.clusterIP }
            if new.clusterIPs.isEmpty, new.clusterIP == old.clusterIP { new.clusterIPs = old.clusterIPs }
            if new.ipFamilies.isEmpty, new.clusterIP == old.clusterIP, new.ipFamilyPolicy == nil {
                new.ipFamilies = old.ipFamilies
            }
            if new.ipFamilyPolicy == nil { new.ipFamilyPolicy = old.ipFamilyPolicy }
        }
        if old.needsNodePort, new.needsNodePort { keepNodePorts(&new, old) }
        if old.needsHealthCheckPort, new.needsHealthCheckPort, new.healthCheckNodePort == 0 {
            new.healthCheckNodePort = old.healthCheckNodePort
        }
    }

    /// A port without a number gets the one that the port of its name had, unless another port took it.
    private static func keepNodePorts(_ new: inout ServiceSpec, _ old: ServiceSpec) {
        let formerNumbers = Set(old.ports.map(\.nodePort))
        var used = formerNumbers.intersection(new.ports.map(\.nodePort))
        var numbers: [String: Int] = [:]
        for port in old.ports { numbers[port.name] = port.nodePort }
        new.ports = new.ports.map { port in
            guard port.nodePort == 0, let number = numbers[port.name], !used.contains(number) else {
                return port
            }
            var port = port
            port.nodePort = number
            used.insert(number)
            return port
        }
    }

    /// Only values that the user left unchanged are dropped: a changed one is for validation to refuse.
    private static func dropUnused(_ new: inout ServiceSpec, _ old: ServiceSpec) {
        if old.needsClusterIP, !new.needsClusterIP {
            if new.clusterIP == old.clusterIP, new.clusterIPs == old.clusterIPs {
                new.clusterIP = ""
                new.clusterIPs = []
            }
            if new.ipFamilies == old.ipFamilies { new.ipFamilies = [] }
            if new.ipFamilyPolicy == old.ipFamilyPolicy { new.ipFamilyPolicy = nil }
            if new.internalTrafficPolicy == old.internalTrafficPolicy { new.internalTrafficPolicy = nil }
        }
        if old.needsNodePort, !new.needsNodePort, new.ports.map(\.nodePort) == old.ports.map(\.nodePort) {
            new.ports = new.ports.map { port in
                var port = port
                port.nodePort = 0
                return port
            }
        }
        if old.needsHealthCheckPort, !new.needsHealthCheckPort,
            new.healthCheckNodePort == old.healthCheckNodePort
        {
            new.healthCheckNodePort = 0
        }
        if old.type == "LoadBalancer", new.type != "LoadBalancer" {
            if new.allocateLoadBalancerNodePorts == old.allocateLoadBalancerNodePorts {
                new.allocateLoadBalancerNodePorts = nil
            }
            if new.loadBalancerClass == old.loadBalancerClass { new.loadBalancerClass = nil }
        }
        if old.isExternallyAccessible, !new.isExternallyAccessible,
            new.externalTrafficPolicy == old.externalTrafficPolicy
        {
            new.externalTrafficPolicy = ""
        }
    }
}

extension ServiceSpec {
    /// Every Service but an ExternalName one has an address, or says `None`.
    public var needsClusterIP: Bool { type != "ExternalName" }

    /// Whether ports get a number on the nodes.
    public var needsNodePort: Bool {
        type == "NodePort" || (type == "LoadBalancer" && allocateLoadBalancerNodePorts ?? true)
    }

    /// Whether the Service has a port on which nodes tell whether they have an endpoint of it.
    public var needsHealthCheckPort: Bool {
        type == "LoadBalancer" && externalTrafficPolicy == "Local"
    }

    /// Whether the Service is reachable from outside the cluster.
    public var isExternallyAccessible: Bool {
        type == "NodePort" || type == "LoadBalancer" || (type == "ClusterIP" && !externalIPs.isEmpty)
    }
}
