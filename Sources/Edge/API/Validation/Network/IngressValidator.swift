internal import EdgeBase
internal import EdgeJSON

extension ObjectValidator {
    static let ingress: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let rules = spec["rules"]?.array ?? []
        if rules.isEmpty, spec["defaultBackend"] == nil {
            errors.invalid(path, .array([]), "either `defaultBackend` or `rules` must be specified")
        }
        if let backend = spec["defaultBackend"] {
            errors.checkBackend(backend, path["defaultBackend"])
        }
        for (index, rule) in rules.enumerated() { errors.checkIngressRule(rule, path["rules"][index]) }
        for (index, tls) in (spec["tls"]?.array ?? []).enumerated() {
            for (place, host) in tls["hosts"].strings.enumerated() {
                errors.checkHost(host, path["tls"][index]["hosts"][place])
            }
        }
        if let name = spec["ingressClassName"].optionalText {
            errors.invalid(path["ingressClassName"], name, Names.subdomain(name))
            if object[annotation: "kubernetes.io/ingress.class"].map({ $0 != name }) ?? false {
                errors.invalid(
                    .metadata["annotations"][key: "kubernetes.io/ingress.class"],
                    object[annotation: "kubernetes.io/ingress.class"] ?? "",
                    "must match `ingressClassName` when both are specified")
            }
        }
    }

    static let ingressClass: Rule = { object, old, errors in
        let path = FieldPath.spec["controller"]
        let controller = object[path: "spec", "controller"].text
        if controller.utf8.count > 250 { errors.tooLong(path, maximum: 250) }
        if controller.isEmpty {
            errors.required(path)
        } else if !controller.contains("/") {
            errors.invalid(
                path, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")")
        }
        if let parameters = object[path: "spec", "parameters"] {
            errors.checkClassParameters(parameters, .spec["parameters"])
        }
        if let old {
            errors.immutable(path, object[path: "spec", "controller"], old[path: "spec", "controller"])
        }
    }

    static let networkPolicy: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.checkLabelSelector(spec["podSelector"], path["podSelector"])
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[direction]?.array ?? []).enumerated() {
                errors.checkPolicyRule(rule, peers, path[direction][index])
            }
        }
        let types = spec["policyTypes"].strings
        if types.count > 2 {
            errors.invalid(
                path["policyTypes"], .array(types.map(JSONValue.string)),
                "may not specify more than two policyTypes")
        }
        for (index, type) in types.enumerated() {
            errors.optionalOneOf(path["policyTypes"][index], type, ["Egress", "Ingress"])
        }
    }
}

extension FieldErrors {
    /// What an IngressClass refers to: an object of the cluster, or of a namespace.
    mutating func checkClassParameters(_ parameters: JSONValue, _ path: FieldPath) {
        if let group = parameters["apiGroup"].optionalText {
            invalid(path["apiGroup"], group, Names.subdomain(group))
        }
        for key in ["kind", "name"] { requiredName(path[key], parameters[key].text, .pathSegment) }
        let namespace = parameters["namespace"].optionalText
        switch parameters["scope"].text {
        case "": required(path["scope"])
        case "Cluster":
            if namespace != nil {
                forbidden(path["namespace"], "`parameters.scope` is set to 'Cluster'")
            }
        case "Namespace":
            guard let namespace, !namespace.isEmpty else {
                return required(path["namespace"], "`parameters.scope` is set to 'Namespace'")
            }
            invalid(path["namespace"], namespace, Names.label(namespace))
        case let other: notSupported(path["scope"], other, ["Cluster", "Namespace"])
        }
    }

    mutating func checkHost(_ host: String, _ path: FieldPath) {
        if IPAddress(host) != nil { return invalid(path, host, "must be a DNS name, not an IP address") }
        invalid(path, host, host.contains("*") ? Names.wildcardSubdomain(host) : Names.subdomain(host))
    }

    mutating func checkIngressRule(_ rule: JSONValue, _ path: FieldPath) {
        let host = rule["host"].text
        if !host.isEmpty { checkHost(host, path["host"]) }
        guard let http = rule["http"] else { return }
        let paths = http["paths"]?.array ?? []
        if paths.isEmpty { required(path["http"]["paths"]) }
        for (index, entry) in paths.enumerated() {
            let path = path["http"]["paths"][index]
            let type = entry["pathType"].optionalText
            guard let type else {
                required(path["pathType"], "pathType must be specified")
                continue
            }
            optionalOneOf(path["pathType"], type, ["Exact", "ImplementationSpecific", "Prefix"])
            let text = entry["path"].text
            if type != "ImplementationSpecific" || !text.isEmpty, !text.hasPrefix("/") {
                invalid(path["path"], text, "must be an absolute path")
            }
            if type != "ImplementationSpecific" {
                for piece in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(piece) {
                    invalid(path["path"], text, "must not contain '\(piece)'")
                }
            }
            checkBackend(entry["backend"] ?? .null, path["backend"])
        }
    }

    mutating func checkBackend(_ backend: JSONValue, _ path: FieldPath) {
        switch (backend["service"], backend["resource"]) {
        case (let service?, nil):
            requiredName(path["service"]["name"], service["name"].text, .rfc1035Label)
            let port = service["port"] ?? .null
            let portPath = path["service"]["port"]
            let name = port["name"].text
            let number = port["number"].number ?? 0
            if name.isEmpty, number == 0 {
                required(portPath, "port name or number is required")
            } else if !name.isEmpty, number != 0 {
                invalid(portPath, port, "cannot set both port name & port number")
            } else if !name.isEmpty {
                invalid(portPath["name"], name, Names.portName(name))
            } else {
                invalid(portPath["number"], number, Names.port(number))
            }
        case (nil, let resource?):
            if resource["kind"].text.isEmpty { required(path["resource"]["kind"]) }
            if resource["name"].text.isEmpty { required(path["resource"]["name"]) }
        case (nil, nil): required(path, "")
        default: invalid(path, "", "cannot set both resource and service backends")
        }
    }

    mutating func checkPolicyRule(_ rule: JSONValue, _ peers: String, _ path: FieldPath) {
        for (index, port) in (rule["ports"]?.array ?? []).enumerated() {
            let path = path["ports"][index]
            optionalOneOf(path["protocol"], port["protocol"].optionalText, ["SCTP", "TCP", "UDP"])
            let first = port["port"].intOrString
            if let first { checkPort(path["port"], first) }
            guard let last = port["endPort"].number else { continue }
            switch first {
            case nil: required(path["port"], "must be specified when `endPort` is specified")
            case .int(let number)?:
                if last < number {
                    invalid(path["endPort"], last, "must be greater than or equal to `port`")
                }
                invalid(path["endPort"], last, Names.port(last))
            case .string?: invalid(path["endPort"], last, "may not be specified when `port` is non-numeric")
            }
        }
        for (index, peer) in (rule[peers]?.array ?? []).enumerated() {
            checkPeer(peer, path[peers][index])
        }
    }

    private mutating func checkPeer(_ peer: JSONValue, _ path: FieldPath) {
        checkLabelSelector(peer["podSelector"], path["podSelector"])
        checkLabelSelector(peer["namespaceSelector"], path["namespaceSelector"])
        let hasSelector = peer["podSelector"] != nil || peer["namespaceSelector"] != nil
        guard let block = peer["ipBlock"] else {
            if !hasSelector { required(path, "must specify a peer") }
            return
        }
        if hasSelector { forbidden(path, "may not specify both ipBlock and another peer") }
        let text = block["cidr"].text
        if text.isEmpty { return required(path["ipBlock"]["cidr"]) }
        checkCIDR(path["ipBlock"]["cidr"], text)
        guard let whole = CIDR(text) else { return }
        for (index, exception) in block["except"].strings.enumerated() {
            let path = path["ipBlock"]["except"][index]
            checkCIDR(path, exception)
            guard let part = CIDR(exception) else { continue }
            if !whole.contains(part) || part.prefixLength <= whole.prefixLength {
                invalid(path, exception, "must be a strict subset of `cidr`")
            }
        }
    }
}
