internal import EdgeBase
internal import EdgeJSON

extension ObjectValidator {
    static let endpointSlice: Rule = { object, old, errors in
        let slice = EndpointSlice(object)
        let type = slice.addressType
        errors.oneOf(FieldPath("addressType"), type, ["IPv4", "IPv6", "FQDN"])
        let path = FieldPath("endpoints")
        let endpoints = slice.endpoints
        if endpoints.count > 1000 { errors.tooMany(path, endpoints.count, maximum: 1000) }
        for (index, endpoint) in endpoints.enumerated() {
            errors.checkEndpoint(endpoint, type: type, path[index])
        }
        errors.checkSlicePorts(slice.ports, FieldPath("ports"))
        if let old {
            errors.immutable(FieldPath("addressType"), object["addressType"], old["addressType"])
        }
    }

    static let endpoints: Rule = { object, _, errors in
        for (index, subset) in Endpoints(object).subsets.enumerated() {
            errors.checkSubset(subset, FieldPath("subsets")[index])
        }
    }
}

extension FieldErrors {
    mutating func checkEndpoint(_ endpoint: Endpoint, type: String, _ path: FieldPath) {
        let addresses = endpoint.addresses
        if addresses.isEmpty { required(path["addresses"], "must contain at least 1 address") }
        if addresses.count > 100 { tooMany(path["addresses"], addresses.count, maximum: 100) }
        for (index, text) in addresses.enumerated() {
            let path = path["addresses"][index]
            switch type {
            case "IPv4", "IPv6":
                if let address = IPAddress(text), address.isIPv4 == (type == "IPv4") {
                    checkOrdinaryIP(path, text)
                } else {
                    invalid(path, text, "must be an \(type) address")
                }
            case "FQDN": invalid(path, text, Names.subdomain(text))
            default: break
            }
        }
        if let node = endpoint.nodeName { invalid(path["nodeName"], node, Names.subdomain(node)) }
        if let hostname = endpoint.hostname { invalid(path["hostname"], hostname, Names.label(hostname)) }
        checkLabels(endpoint.deprecatedTopology, path["deprecatedTopology"])
    }

    mutating func checkSlicePorts(_ ports: [EndpointPort], _ list: FieldPath) {
        if ports.count > 20_000 { tooMany(list, ports.count, maximum: 20_000) }
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = list[index]
            if !port.name.isEmpty { invalid(path["name"], port.name, Names.label(port.name)) }
            if !names.insert(port.name).inserted { duplicate(path["name"], port.name) }
            oneOf(path["protocol"], port.json["protocol"].text, ["SCTP", "TCP", "UDP"])
            if let application = port.appProtocol {
                invalid(path["appProtocol"], application, Names.labelKey(application))
            }
        }
    }

    mutating func checkSubset(_ subset: EndpointSubset, _ path: FieldPath) {
        if subset.addresses.isEmpty, subset.notReadyAddresses.isEmpty {
            required(path, "must specify `addresses` or `notReadyAddresses`")
        }
        for (key, addresses) in [
            ("addresses", subset.addresses), ("notReadyAddresses", subset.notReadyAddresses),
        ] {
            for (index, address) in addresses.enumerated() {
                let path = path[key][index]
                checkOrdinaryIP(path["ip"], address.ip)
                if !address.hostname.isEmpty {
                    invalid(path["hostname"], address.hostname, Names.label(address.hostname))
                }
                if let node = address.nodeName { invalid(path["nodeName"], node, Names.subdomain(node)) }
            }
        }
        for (index, port) in subset.ports.enumerated() {
            let path = path["ports"][index]
            if port.name.isEmpty {
                if subset.ports.count > 1 { required(path["name"]) }
            } else {
                invalid(path["name"], port.name, Names.label(port.name))
            }
            invalid(path["port"], port.port ?? 0, Names.port(port.port ?? 0))
            oneOf(path["protocol"], port.json["protocol"].text, ["SCTP", "TCP", "UDP"])
        }
    }
}
