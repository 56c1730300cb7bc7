internal import EdgeJSON

/// `kubectl create service`
enum CreateService {
    static let spec = CommandSpec(
        "service", aliases: ["svc"], "Create a service using a specified subcommand",
        usage: "(clusterip | externalname | loadbalancer | nodeport)",
        subcommands: [clusterIP, externalName, loadBalancer, nodePort])

    private static let tcp = FlagSpec("tcp", nil, .strings, "Port, or port:targetPort; may be repeated.")

    private static let clusterIP = Generator.spec(
        "clusterip", "Create a ClusterIP service", usage: "NAME [--tcp=<port>:<targetPort>]",
        examples: ["kubectl create service clusterip my-cs --tcp=5678:8080"],
        flags: [tcp, FlagSpec("clusterip", nil, .string, "An address of your own, or None.")]
    ) { call, name in
        let address = call.flags.string("clusterip")
        if call.flags.strings("tcp").isEmpty, address != "None" {
            throw KubectlError("at least one tcp port specifier must be provided")
        }
        return try service(name, "ClusterIP", call) { spec in
            if !address.isEmpty { spec["clusterIP"] = .string(address) }
        }
    }

    private static let nodePort = Generator.spec(
        "nodeport", "Create a NodePort service", usage: "NAME [--tcp=port:targetPort]",
        examples: ["kubectl create service nodeport my-ns --tcp=5678:8080"],
        flags: [tcp, FlagSpec("node-port", nil, .int, default: "0", "Port on each node; 0 for any.")]
    ) { call, name in
        let port = call.flags.int("node-port")
        guard !call.flags.strings("tcp").isEmpty else {
            throw KubectlError("at least one tcp port specifier must be provided")
        }
        return try service(name, "NodePort", call) { spec in
            guard port > 0, var ports = spec["ports"]?.array else { return }
            for index in ports.indices { ports[index]["nodePort"] = .int(Int64(port)) }
            spec["ports"] = .array(ports)
        }
    }

    private static let loadBalancer = Generator.spec(
        "loadbalancer", "Create a LoadBalancer service", usage: "NAME [--tcp=port:targetPort]",
        examples: ["kubectl create service loadbalancer my-lbs --tcp=5678:8080"], flags: [tcp]
    ) { call, name in
        guard !call.flags.strings("tcp").isEmpty else {
            throw KubectlError("at least one tcp port specifier must be provided")
        }
        return try service(name, "LoadBalancer", call) { _ in }
    }

    private static let externalName = Generator.spec(
        "externalname", "Create an ExternalName service", usage: "NAME --external-name external.name",
        examples: ["kubectl create service externalname my-ns --external-name bar.com"],
        flags: [tcp, FlagSpec("external-name", nil, .string, "Name that the service stands for.")]
    ) { call, name in
        let external = call.flags.string("external-name")
        guard !external.isEmpty else { throw KubectlError("required flag(s) \"external-name\" not set") }
        return try service(name, "ExternalName", call) { $0["externalName"] = .string(external) }
    }

    private static func service(
        _ name: String, _ type: String, _ call: Invocation, _ adjust: (inout JSONValue) -> Void
    ) throws -> JSONValue {
        let ports = try call.flags.strings("tcp").map(port)
        var value = JSONValue.object("v1", "Service", name: name, labels: ["app": name])
        var spec: JSONValue = ["selector": ["app": .string(name)], "type": .string(type)]
        if !ports.isEmpty { spec["ports"] = .array(ports) }
        adjust(&spec)
        value["spec"] = spec
        value["status"] = ["loadBalancer": [:]]
        return value
    }

    /// `80`, `80:8080` or `80:http`.
    private static func port(_ text: String) throws -> JSONValue {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let port = Int64(parts[0]), (1...65535).contains(port) else {
            throw KubectlError("invalid port specification \(goQuoted(text)), expected <port>[:<targetPort>]")
        }
        return [
            "name": .string(parts.joined(separator: "-")), "port": .int(port), "protocol": "TCP",
            "targetPort": .intOrString(parts.last ?? parts[0]),
        ]
    }
}
