internal import EdgeBase
internal import EdgeJSON

extension ObjectValidator {
    static let service: Rule = { object, old, errors in
        let service = Service(object)
        let spec = service.spec
        let path = FieldPath.spec
        if spec.ports.isEmpty, !service.isHeadless, !service.isExternalName { errors.required(path["ports"]) }
        errors.checkServiceType(spec, path)
        errors.checkServicePorts(spec, path["ports"])
        errors.checkLabels(spec.selector, path["selector"])
        errors.checkSessionAffinity(spec, path)
        errors.checkServiceAddresses(spec, path)
        errors.checkTrafficPolicies(spec, path)
        errors.checkLoadBalancer(spec, path)
        if let old { errors.checkServiceUpdate(spec, old: Service(old).spec, path) }
    }
}

extension FieldErrors {
    mutating func checkServiceType(_ spec: ServiceSpec, _ path: FieldPath) {
        let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
        oneOf(path["type"], spec.json["type"].text, types)
        switch spec.type {
        case "LoadBalancer", "NodePort":
            if spec.clusterIP == "None" {
                invalid(
                    path["clusterIPs"][0], "None", "may not be set to 'None' for \(spec.type) services")
            }
        case "ExternalName":
            for key in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where !spec.json.lacks(key) {
                forbidden(path[key], "may not be set for ExternalName services")
            }
            let name =
                spec.externalName.hasSuffix(".") ? String(spec.externalName.dropLast()) : spec.externalName
            requiredName(path["externalName"], name, .subdomain)
        default: break
        }
    }

    mutating func checkServicePorts(_ spec: ServiceSpec, _ list: FieldPath) {
        let ports = spec.ports
        var names: Set<String> = []
        var numbers: Set<String> = []
        var nodePorts: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = list[index]
            if port.name.isEmpty {
                if ports.count > 1 { required(path["name"]) }
            } else {
                invalid(path["name"], port.name, Names.label(port.name))
                if !names.insert(port.name).inserted { duplicate(path["name"], port.name) }
            }
            invalid(path["port"], port.port, Names.port(port.port))
            oneOf(path["protocol"], port.json["protocol"].text, ["SCTP", "TCP", "UDP"])
            checkPort(path["targetPort"], port.targetPort)
            if let application = port.appProtocol {
                invalid(path["appProtocol"], application, Names.labelKey(application))
            }
            if !numbers.insert("\(port.protocol)/\(port.port)").inserted {
                duplicate(
                    path, ["port": .int(Int64(port.port)), "protocol": .string(port.protocol)])
            }
            guard port.nodePort != 0 else { continue }
            if spec.type == "ClusterIP" {
                forbidden(path["nodePort"], "may not be used when `type` is 'ClusterIP'")
            }
            if !nodePorts.insert("\(port.protocol)/\(port.nodePort)").inserted {
                duplicate(path["nodePort"], .int(Int64(port.nodePort)))
            }
        }
    }

    mutating func checkSessionAffinity(_ spec: ServiceSpec, _ path: FieldPath) {
        oneOf(path["sessionAffinity"], spec.json["sessionAffinity"].text, ["ClientIP", "None"])
        let config = path["sessionAffinityConfig"]
        switch spec.sessionAffinity {
        case "ClientIP":
            let reason = "when session affinity type is ClientIP"
            guard let affinity = spec.sessionAffinityConfig else { return required(config, reason) }
            guard let client = affinity["clientIP"] else { return required(config["clientIP"], reason) }
            guard let timeout = client["timeoutSeconds"].number else {
                return required(config["clientIP"]["timeoutSeconds"], reason)
            }
            if timeout <= 0 || timeout > 86400 {
                invalid(
                    config["clientIP"]["timeoutSeconds"], timeout,
                    "must be greater than 0 and less than 86400")
            }
        case "None":
            if spec.sessionAffinityConfig != nil {
                forbidden(config, "must not be set when session affinity is None")
            }
        default: break
        }
    }

    mutating func checkServiceAddresses(_ spec: ServiceSpec, _ path: FieldPath) {
        checkClusterIPs(spec, path)
        for (index, address) in spec.externalIPs.enumerated() {
            let path = path["externalIPs"][index]
            if IPAddress(address) == nil {
                checkIP(path, address)
            } else {
                checkOrdinaryIP(path, address)
            }
        }
        for (index, family) in spec.ipFamilies.enumerated() {
            optionalOneOf(path["ipFamilies"][index], family, ["IPv4", "IPv6"])
            if spec.ipFamilies.firstIndex(of: family) != index {
                duplicate(path["ipFamilies"][index], family)
            }
        }
        optionalOneOf(
            path["ipFamilyPolicy"], spec.ipFamilyPolicy,
            ["PreferDualStack", "RequireDualStack", "SingleStack"])
    }

    private mutating func checkClusterIPs(_ spec: ServiceSpec, _ path: FieldPath) {
        guard spec.needsClusterIP else { return }
        let list = spec.clusterIPs
        if let first = list.first, first != spec.clusterIP {
            invalid(
                path["clusterIPs"], spec.json["clusterIPs"] ?? .null,
                "first value must match `clusterIP`")
        }
        if list.count > 1, list.contains("None") {
            let index = list.firstIndex(of: "None") ?? 0
            invalid(
                path["clusterIPs"][index], "None",
                "'None' must be the first and only value")
        }
        if list.count > 2 {
            invalid(
                path["clusterIPs"], spec.json["clusterIPs"] ?? .null, "may only hold up to 2 values")
        }
        let values = list.isEmpty && !spec.clusterIP.isEmpty ? [spec.clusterIP] : list
        for (index, value) in values.enumerated() where value != "None" && !value.isEmpty {
            guard let address = IPAddress(value) else {
                checkIP(path["clusterIPs"][index], value)
                continue
            }
            let families = spec.ipFamilies
            guard index < families.count, (families[index] == "IPv4") != address.isIPv4 else { continue }
            invalid(
                path["clusterIPs"][index], value,
                "expected an \(families[index]) value as indicated by `ipFamilies[\(index)]`")
        }
    }

    mutating func checkTrafficPolicies(_ spec: ServiceSpec, _ path: FieldPath) {
        let policy = spec.externalTrafficPolicy
        if spec.isExternallyAccessible {
            oneOf(path["externalTrafficPolicy"], policy, ["Cluster", "Local"])
        } else if !policy.isEmpty {
            invalid(
                path["externalTrafficPolicy"], policy, "may only be set for externally-accessible services")
        }
        let health = spec.healthCheckNodePort
        if !spec.needsHealthCheckPort, health != 0 {
            invalid(
                path["healthCheckNodePort"], health,
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
        } else if health != 0 {
            invalid(path["healthCheckNodePort"], health, Names.port(health))
        }
        if spec.type != "ExternalName", spec.internalTrafficPolicy == nil {
            required(path["internalTrafficPolicy"])
        }
        optionalOneOf(path["internalTrafficPolicy"], spec.internalTrafficPolicy, ["Cluster", "Local"])
        optionalOneOf(
            path["trafficDistribution"], spec.trafficDistribution,
            ["PreferClose", "PreferSameNode", "PreferSameZone"])
    }

    mutating func checkLoadBalancer(_ spec: ServiceSpec, _ path: FieldPath) {
        let isBalanced = spec.type == "LoadBalancer"
        let only = "may only be used when `type` is 'LoadBalancer'"
        let ranges = path["LoadBalancerSourceRanges"]
        if !spec.loadBalancerSourceRanges.isEmpty, !isBalanced { forbidden(ranges, only) }
        for (index, block) in spec.loadBalancerSourceRanges.enumerated() {
            checkCIDR(ranges[index], String(block.filter { !$0.isWhitespace }))
        }
        if spec.allocateLoadBalancerNodePorts != nil, !isBalanced {
            forbidden(path["allocateLoadBalancerNodePorts"], only)
        }
        guard let name = spec.loadBalancerClass else { return }
        if !isBalanced { forbidden(path["loadBalancerClass"], only) }
        invalid(path["loadBalancerClass"], name, Names.labelKey(name))
    }

    mutating func checkServiceUpdate(_ new: ServiceSpec, old: ServiceSpec, _ path: FieldPath) {
        if new.needsClusterIP, old.needsClusterIP {
            if let first = old.clusterIPs.first ?? (old.clusterIP.isEmpty ? nil : old.clusterIP),
                new.clusterIP != first
            {
                invalid(
                    path["clusterIPs"][0], .array(new.clusterIPs.map(JSONValue.string)),
                    "may not change once set")
            }
            if let first = old.ipFamilies.first, let now = new.ipFamilies.first, now != first {
                invalid(
                    path["ipFamilies"][0], .array(new.ipFamilies.map(JSONValue.string)),
                    "may not change once set")
            }
        }
        if new.type == "LoadBalancer", old.type == "LoadBalancer",
            new.loadBalancerClass != old.loadBalancerClass
        {
            invalid(
                path["loadBalancerClass"], new.loadBalancerClass.map(JSONValue.string) ?? .null,
                "may not change once set")
        }
        if new.needsHealthCheckPort, old.needsHealthCheckPort,
            new.healthCheckNodePort != old.healthCheckNodePort
        {
            forbidden(path["healthCheckNodePort"], "field is immutable")
        }
    }
}
