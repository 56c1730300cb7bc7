internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl cluster-info`
enum ClusterInfoCommand {
    static let spec = CommandSpec(
        "cluster-info", "Display cluster information", examples: ["kubectl cluster-info"],
        subcommands: [
            CommandSpec(
                "dump", "Dump relevant information for debugging and diagnosis",
                run: { _ in throw KubectlError.unsupported("cluster-info dump") })
        ],
        run: { call in
            try call.noArguments()
            let server = try call.session.restConfig().server
            let services = try APIResource.builtIn(apiVersion: "v1", kind: "Service")
            let found = try await call.session.resources().list(
                services,
                .init(namespace: "kube-system", labelSelector: "kubernetes.io/cluster-service=true"))
            show(call, "Kubernetes control plane", server)
            for service in found.objects {
                show(call, service[label: "kubernetes.io/name"] ?? service.name, link(service, server))
            }
            call.line("")
            call.line(
                "To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.")
        })

    private static func link(_ service: APIObject, _ server: String) -> String {
        if let ingress = service[path: "status", "loadBalancer", "ingress"]?.array?.first {
            let host = ingress["ip"]?.string ?? ingress["hostname"]?.string ?? ""
            return (service[path: "spec", "ports"]?.array ?? [])
                .map { "http://\(host):\($0["port"]?.int ?? 0)" }.joined(separator: " ")
        }
        let port = service[path: "spec", "ports"]?.array?.first?["name"]?.string ?? ""
        let name = port.isEmpty ? service.name : "\(service.name):\(port)"
        return "\(server)/api/v1/namespaces/\(service.namespace)/services/\(name)/proxy"
    }

    private static func show(_ call: Invocation, _ name: String, _ link: String) {
        // Colours only where a human looks.
        guard call.environment.terminal?.isOutputTerminal == true else {
            return call.line("\(name) is running at \(link)")
        }
        call.line("\u{1b}[0;32m\(name)\u{1b}[0m is running at \u{1b}[0;33m\(link)\u{1b}[0m")
    }
}
