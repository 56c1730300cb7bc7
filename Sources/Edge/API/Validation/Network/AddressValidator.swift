internal import EdgeBase
internal import EdgeJSON

extension ObjectValidator {
    static let ipAddress: Rule = { object, old, errors in
        if let old {
            errors.immutable(
                .spec["parentRef"], object[path: "spec", "parentRef"], old[path: "spec", "parentRef"])
            return
        }
        if IPAddress(object.name)?.description != object.name {
            errors.invalid(
                .metadata["name"], object.name, "must be a valid IP address in canonical form")
        }
        guard let parent = object[path: "spec", "parentRef"] else {
            errors.required(.spec["parentRef"])
            return
        }
        let path = FieldPath.spec["parentRef"]
        let group = parent["group"].text
        if !group.isEmpty { errors.invalid(path["group"], group, Names.subdomain(group)) }
        for key in ["resource", "name"] { errors.requiredName(path[key], parent[key].text, .pathSegment) }
        let namespace = parent["namespace"].text
        if !namespace.isEmpty {
            errors.invalid(path["namespace"], namespace, Names.pathSegment(namespace))
        }
    }

    static let serviceCIDR: Rule = { object, old, errors in
        let path = FieldPath.spec["cidrs"]
        let blocks = object[path: "spec", "cidrs"].strings
        if blocks.isEmpty { errors.required(path, "at least one CIDR required") }
        if blocks.count > 2 {
            errors.invalid(
                path, .array(blocks.map(JSONValue.string)), "may only hold up to 2 values")
        }
        for (index, block) in blocks.enumerated() { errors.checkCIDR(path[index], block) }
        let families = blocks.compactMap { CIDR($0)?.address.isIPv4 }
        if families.count == 2, families[0] == families[1] {
            errors.invalid(
                path, .array(blocks.map(JSONValue.string)),
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")
        }
        guard let old else { return }
        for (index, block) in old[path: "spec", "cidrs"].strings.enumerated()
        where index >= blocks.count || blocks[index] != block {
            errors.invalid(
                path, .array(blocks.map(JSONValue.string)), "field is immutable")
            break
        }
    }

    /// The addresses that somebody has given to a Service or an Ingress.
    static let loadBalancerStatus: StatusRule = { object, _, errors in
        let isService = object.kind == "Service"
        let list = FieldPath.status["loadBalancer"]["ingress"]
        let entries = object[path: "status", "loadBalancer", "ingress"]?.array ?? []
        if isService, !entries.isEmpty, object[path: "spec", "type"].text != "LoadBalancer" {
            errors.forbidden(list, "may only be used when `spec.type` is \"LoadBalancer\"")
        }
        for (index, entry) in entries.enumerated() {
            let path = list[index]
            let address = entry["ip"].text
            if !address.isEmpty { errors.checkIP(path["ip"], address) }
            if isService, address.isEmpty, !entry.lacks("ipMode") {
                errors.forbidden(path["ipMode"], "may not be specified when `ip` is not set")
            }
            if isService, !address.isEmpty {
                errors.oneOf(path["ipMode"], entry["ipMode"].text, ["Proxy", "VIP"])
            }
            let hostname = entry["hostname"].text
            guard !hostname.isEmpty else { continue }
            errors.invalid(path["hostname"], hostname, Names.subdomain(hostname))
            if IPAddress(hostname) != nil {
                errors.invalid(path["hostname"], hostname, "must be a DNS name, not an IP address")
            }
        }
    }
}
