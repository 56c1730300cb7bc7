internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl expose`
enum ExposeCommand {
    static let spec = CommandSpec(
        "expose",
        "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
        usage:
            "(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name]",
        examples: ["kubectl expose deployment nginx --port=80 --target-port=8000"],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.dryRun, FlagSets.fieldManager("kubectl-expose"),
            FlagSpec("cluster-ip", nil, .string, "An address of your own, or None."),
            FlagSpec("external-ip", nil, .string, "A further address that leads to the service."),
            FlagSpec("labels", "l", .string, "Labels of the service: a=b,c=d."),
            FlagSpec("load-balancer-ip", nil, .string, "Address to ask the load balancer for."),
            FlagSpec("name", nil, .string, "Name of the service."),
            FlagSpec("port", nil, .string, "Port of the service; else the exposed object's."),
            FlagSpec("protocol", nil, .string, "TCP, UDP or SCTP."),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            FlagSpec("selector", nil, .string, "Label selector of the service; else the exposed object's."),
            FlagSpec("session-affinity", nil, .string, "None or ClientIP."),
            FlagSpec("target-port", nil, .string, "Port or its name in the pods."),
            FlagSpec("type", nil, .string, "ClusterIP, NodePort, LoadBalancer or ExternalName."),
            .refused("overrides", nil, .string, "change the service afterwards"),
            .refused("override-type", nil, .string, "it belongs to --overrides"),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let infos = try await ResourceQuery(exposing: call).fetchAll(call.session)
        try await forEachCollectingErrors(infos) { info in
            let service = try service(call, info)
            try await create(call, info, service)
        }
    }

    private static func create(_ call: Invocation, _ info: ResourceInfo, _ service: JSONValue) async throws {
        let dryRun = try DryRun(call)
        let services = try APIResource.builtIn(apiVersion: "v1", kind: "Service")
        var created = ResourceInfo(
            resource: services, namespace: info.namespace, name: service.at("metadata", "name")?.string ?? ""
        ).refreshed(service)
        if call.session.isNamespaceExplicit {
            created.object?[path: "metadata", "namespace"] = .string(info.namespace)
        }
        if call.flags.bool("save-config") { created.object = LastApplied.annotated(created.content) }
        if dryRun != .client {
            created = created.refreshed(
                try await call.session.resources().create(
                    created, created.content.value, options: try call.writeOptions(dryRun)))
        }
        var printer = try ChangePrinter(call, dryRun)
        try printer.show(created, "exposed")
    }

    static func service(_ call: Invocation, _ info: ResourceInfo) throws -> JSONValue {
        let flags = call.flags
        let object = info.content
        let name = flags.string("name").isEmpty ? info.name : flags.string("name")
        guard DNSName.isRFC1035Label(name) else {
            throw KubectlError(
                "the generated name \(goQuoted(name)) is no valid service name: give one with --name")
        }
        var spec: JSONValue = [:]
        spec["selector"] = try selector(call, object)
        spec["ports"] = .array(try ports(call, object))
        let type = flags.string("type")
        if !type.isEmpty {
            guard ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"].contains(type) else {
                throw KubectlError("invalid type \(goQuoted(type))")
            }
            spec["type"] = .string(type)
        }
        for (flag, field) in [
            ("cluster-ip", "clusterIP"), ("load-balancer-ip", "loadBalancerIP"),
            ("session-affinity", "sessionAffinity"),
        ] where !flags.string(flag).isEmpty {
            spec[field] = .string(flags.string(flag))
        }
        if let address = flags.given("external-ip") { spec["externalIPs"] = [.string(address)] }
        var labels = object.labels
        if let text = flags.given("labels") { labels = try RunCommand.labels(text) }
        var service = JSONValue.object("v1", "Service", name: name, labels: labels)
        service["spec"] = spec
        service["status"] = ["loadBalancer": [:]]
        return service
    }

    private static func selector(_ call: Invocation, _ object: APIObject) throws -> JSONValue {
        if let text = call.flags.given("selector"), !text.isEmpty {
            guard let labels = try LabelSelectorText.object(text)["matchLabels"] else {
                throw KubectlError("couldn't convert selector \(goQuoted(text)) to a map")
            }
            return labels
        }
        switch object.kind {
        case "Pod":
            guard !object.labels.isEmpty else {
                throw KubectlError(
                    "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed"
                )
            }
            return .strings(object.labels)
        case "Service", "ReplicationController":
            guard let selector = object[path: "spec", "selector"] else {
                throw KubectlError(
                    "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set"
                )
            }
            return selector
        case "Deployment", "ReplicaSet":
            let selector = object[path: "spec", "selector"]
            guard selector?["matchExpressions"] == nil else {
                throw KubectlError(
                    "couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "
                        + "\"\(selector?["matchExpressions"]?.description ?? "")\" to map-based selector format"
                )
            }
            return selector?["matchLabels"] ?? [:]
        default:
            throw KubectlError("cannot expose a \(object.kind)")
        }
    }

    private static func ports(_ call: Invocation, _ object: APIObject) throws -> [JSONValue] {
        let found = exposed(object)
        let wanted = call.flags.string("port").split(separator: ",").map(String.init)
        let numbers = wanted.isEmpty ? found.map { String($0.port) } : wanted
        guard !numbers.isEmpty else {
            throw KubectlError("couldn't find port via --port flag or introspection")
        }
        return try numbers.enumerated().map { index, text in
            guard let number = Int64(text) else { throw KubectlError("invalid port \(goQuoted(text))") }
            let flag = call.flags.string("protocol")
            let proto = flag.isEmpty ? found.first { $0.port == number }?.proto ?? "TCP" : flag
            var port: JSONValue = ["port": .int(number), "protocol": .string(proto)]
            if numbers.count > 1 { port["name"] = .string("port-\(index + 1)") }
            let target = call.flags.string("target-port")
            port["targetPort"] = target.isEmpty ? .int(number) : .intOrString(target)
            return port
        }
    }

    private static func exposed(_ object: APIObject) -> [(port: Int64, proto: String)] {
        if object.kind == "Service" {
            return (object[path: "spec", "ports"]?.array ?? []).compactMap { port in
                port["port"]?.int.map { ($0, port["protocol"]?.string ?? "TCP") }
            }
        }
        let spec = object.kind == "Pod" ? object["spec"] : object[path: "spec", "template", "spec"]
        return (spec?["containers"]?.array ?? []).flatMap { $0["ports"]?.array ?? [] }.compactMap { port in
            port["containerPort"]?.int.map { ($0, port["protocol"]?.string ?? "TCP") }
        }
    }
}

extension ResourceQuery {
    /// Where `--selector` belongs to what is made, not to what is looked for.
    init(exposing call: Invocation) {
        self.init(call)
        labelSelector = ""
    }
}
