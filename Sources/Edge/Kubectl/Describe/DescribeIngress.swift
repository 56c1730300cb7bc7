internal import EdgeAPI
internal import EdgeJSON

/// An ingress with the endpoints behind its rules.
enum DescribeIngress {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let ingress = describer.object
        let spec = ingress["spec"]
        description.field(0, "Name", ingress.name)
        description.labels("Labels", ingress[path: "metadata", "labels"])
        description.field(0, "Namespace", ingress.namespace)
        let addresses = ingress[path: "status", "loadBalancer", "ingress"].elements
            .map { $0["ip"].shown.isEmpty ? $0["hostname"].shown : $0["ip"].shown }
        description.field(0, "Address", Set(addresses).sorted().joined(separator: ","))
        let ingressClass = (spec?["ingressClassName"]).shown
        description.field(0, "Ingress Class", ingressClass.isEmpty ? "<none>" : ingressClass)
        var fallback = "<default>"
        if let backend = spec?["defaultBackend"] { fallback = await self.backend(backend, describer) }
        description.field(0, "Default backend", fallback)
        let tls = (spec?["tls"]).elements
        if !tls.isEmpty { description.line(0, "TLS:") }
        for entry in tls {
            let hosts = (entry["hosts"]?.strings ?? []).joined(separator: ",")
            let secret = entry["secretName"].shown
            description.line(1, secret.isEmpty ? "SNI routes \(hosts)" : "\(secret) terminates \(hosts)")
        }
        description.line(0, "Rules:")
        description.line(1, "Host\tPath\tBackends")
        description.line(1, "----\t----\t--------")
        let rules = (spec?["rules"]).elements.filter { $0["http"] != nil }
        for rule in rules {
            let host = rule["host"].shown
            description.line(1, "\(host.isEmpty ? "*" : host)\t")
            for path in rule.at("http", "paths").elements {
                let shown = await backend(path["backend"] ?? [:], describer)
                description.line(2, "\t\(path["path"].shown) \t\(shown)")
            }
        }
        if rules.isEmpty { description.line(1, "*\t*\t\(fallback)") }
        description.annotations("Annotations", ingress[path: "metadata", "annotations"])
        await describer.events(to: &description)
    }

    /// `web:80 (10.42.0.3:8080)`
    private static func backend(_ backend: JSONValue, _ describer: Describer) async -> String {
        if let resource = backend["resource"] {
            let group = resource["apiGroup"].shown
            return "APIGroup: \(group.isEmpty ? "<none>" : group), Kind: \(resource["kind"].shown), "
                + "Name: \(resource["name"].shown)"
        }
        guard let reference = backend["service"] else { return "" }
        let port = reference["port"]
        let name = reference["name"].shown
        let shown =
            "\(name):\((port?["name"]).shown.isEmpty ? (port?["number"]).shown : (port?["name"]).shown)"
        let namespace = describer.object.namespace
        do {
            let slices = try await describer.list(
                "EndpointSlice", "discovery.k8s.io/v1", namespace: namespace,
                labelSelector: "kubernetes.io/service-name=\(name)")
            let service = try await describer.session.resources()
                .get(try .builtIn(apiVersion: "v1", kind: "Service"), namespace: namespace, name: name)
            let found = service[path: "spec", "ports"].elements.first {
                $0["port"] == port?["number"] || (port?["name"] != nil && $0["name"] == port?["name"])
            }
            return "\(shown) (\(EndpointText.endpoints(slices, port: found?["name"].shown ?? "")))"
        } catch {
            return "\(shown) (<error: \(error)>)"
        }
    }
}
