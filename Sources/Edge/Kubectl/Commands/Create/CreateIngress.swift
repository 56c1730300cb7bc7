internal import EdgeJSON

/// `kubectl create ingress`
enum CreateIngress {
    static let spec = Generator.spec(
        "ingress", aliases: ["ing"], "Create an ingress with the specified name",
        usage: "NAME --rule=host/path=service:port[,tls[=secret]]",
        examples: ["kubectl create ingress simple --rule=\"foo.com/bar=svc1:8080,tls=my-cert\""],
        flags: [
            FlagSpec(
                "rule", nil, .stringArray,
                "host/path=service:port[,tls[=secret]]; a path ending in * is a prefix."),
            FlagSpec("class", nil, .string, "Ingress class."),
            FlagSpec("default-backend", nil, .string, "Service for all else: service:port."),
            FlagSpec("annotation", nil, .stringArray, "Annotation: key=value."),
        ]
    ) { call, name in
        let rules = try call.flags.strings("rule").map(Rule.init)
        let fallback = call.flags.string("default-backend")
        guard !rules.isEmpty || !fallback.isEmpty else {
            throw KubectlError(
                "not enough information provided: every ingress has to either specify a "
                    + "default-backend (which catches all traffic) or a list of rules (which catch specific paths)"
            )
        }
        var value = JSONValue.object("networking.k8s.io/v1", "Ingress", name: name)
        var annotations: [String: String] = [:]
        for text in call.flags.strings("annotation") {
            guard let (key, content) = text.split(atFirst: "="), !key.isEmpty else {
                throw KubectlError("annotation \(text) is invalid and should be in format key=[value]")
            }
            annotations[key] = content
        }
        if !annotations.isEmpty { value[path: "metadata", "annotations"] = .strings(annotations) }
        var spec: JSONValue = [:]
        if !fallback.isEmpty { spec["defaultBackend"] = try backend(fallback) }
        let ingressClass = call.flags.string("class")
        if !ingressClass.isEmpty { spec["ingressClassName"] = .string(ingressClass) }
        if !rules.isEmpty { spec["rules"] = try CreateIngress.rules(rules) }
        let tls = CreateIngress.tls(rules)
        if !tls.isEmpty { spec["tls"] = .array(tls) }
        value["spec"] = spec
        value["status"] = ["loadBalancer": [:]]
        return value
    }

    private struct Rule {
        var host: String
        var path: String
        var isPrefix: Bool
        var service: String
        /// Nil without TLS, empty for the controller's own certificate.
        var secret: String?

        init(_ text: String) throws {
            let parts = text.split(separator: ",").map(String.init)
            guard let first = parts.first, let (target, service) = first.split(atFirst: "="),
                let slash = target.firstIndex(of: "/")
            else {
                throw KubectlError(
                    "rule \(text) is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
                )
            }
            host = String(target[..<slash])
            path = String(target[slash...])
            isPrefix = path.hasSuffix("*")
            if isPrefix { path.removeLast() }
            self.service = service
            for option in parts.dropFirst() where option == "tls" || option.hasPrefix("tls=") {
                secret = option == "tls" ? "" : String(option.dropFirst(4))
            }
        }
    }

    private static func backend(_ text: String) throws -> JSONValue {
        guard let (name, port) = text.split(atFirst: ":"), !name.isEmpty, !port.isEmpty else {
            throw KubectlError("default-backend should be in format servicename:serviceport")
        }
        let number: JSONValue = Int64(port).map { ["number": .int($0)] } ?? ["name": .string(port)]
        return ["service": ["name": .string(name), "port": number]]
    }

    /// Rules of one host share its entry.
    private static func rules(_ rules: [Rule]) throws -> JSONValue {
        var hosts: [(host: String, paths: [JSONValue])] = []
        for rule in rules {
            let path: JSONValue = [
                "backend": try backend(rule.service), "path": .string(rule.path),
                "pathType": rule.isPrefix ? "Prefix" : "Exact",
            ]
            if let index = hosts.firstIndex(where: { $0.host == rule.host }) {
                hosts[index].paths.append(path)
            } else {
                hosts.append((rule.host, [path]))
            }
        }
        return .array(
            hosts.map { host, paths in
                var value: JSONValue = [:]
                if !host.isEmpty { value["host"] = .string(host) }
                value["http"] = ["paths": .array(paths)]
                return value
            })
    }

    private static func tls(_ rules: [Rule]) -> [JSONValue] {
        var secrets: [(secret: String, hosts: [String])] = []
        for rule in rules {
            guard let secret = rule.secret else { continue }
            if let index = secrets.firstIndex(where: { $0.secret == secret }) {
                if !secrets[index].hosts.contains(rule.host) { secrets[index].hosts.append(rule.host) }
            } else {
                secrets.append((secret, [rule.host]))
            }
        }
        return secrets.map { secret, hosts in
            var value: JSONValue = [:]
            let named = hosts.filter { !$0.isEmpty }
            if !named.isEmpty { value["hosts"] = .strings(named) }
            if !secret.isEmpty { value["secretName"] = .string(secret) }
            return value
        }
    }
}
