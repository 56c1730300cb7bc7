internal import EdgeJSON

extension FieldErrors {
    mutating func checkDNS(_ spec: PodSpec, _ path: FieldPath) {
        let policy = spec.json["dnsPolicy"].text
        oneOf(path["dnsPolicy"], policy, ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
        let path = path["dnsConfig"]
        guard let config = spec.dnsConfig else {
            if policy == "None" { required(path, "must provide `dnsConfig` when `dnsPolicy` is None") }
            return
        }
        if policy == "None", config.nameservers.isEmpty {
            required(
                path["nameservers"], "must provide at least one DNS nameserver when `dnsPolicy` is None")
            return
        }
        if config.nameservers.count > 3 {
            invalid(
                path["nameservers"], config.json["nameservers"] ?? .null,
                "must not have more than 3 nameservers")
        }
        for (index, server) in config.nameservers.enumerated() {
            checkIP(path["nameservers"][index], server)
        }
        if config.searches.count > 32 {
            invalid(
                path["searches"], config.json["searches"] ?? .null, "must not have more than 32 search paths")
        }
        if config.searches.joined(separator: " ").utf8.count > 2048 {
            invalid(
                path["searches"], config.json["searches"] ?? .null,
                "must not have more than 2048 characters (including spaces) in the search list")
        }
        for (index, search) in config.searches.enumerated() where search != "." {
            // Underscores are allowed here, as names of services have them in practice.
            let name = search.hasSuffix(".") ? String(search.dropLast()) : search
            let messages = Names.subdomain(String(name.map { $0 == "_" ? "a" : $0 }))
            invalid(path["searches"][index], name, messages)
        }
        for (index, option) in config.options.enumerated() where option.name.isEmpty {
            required(path["options"][index], "must not be empty")
        }
    }
}
