internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl port-forward`
enum PortForwardCommand {
    static let spec = CommandSpec(
        "port-forward", "Forward one or more local ports to a pod",
        usage: "TYPE/NAME [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
        examples: [
            "kubectl port-forward pod/mypod 5000 6000", "kubectl port-forward service/myservice 8443:https",
        ],
        flags: [
            FlagSpec("address", nil, .strings, default: "localhost", "Addresses to listen on, or localhost."),
            FlagSets.podRunningTimeout,
        ], run: run)

    struct Mapping: Sendable, Equatable {
        /// 0: any free one.
        var local: Int
        var remote: Int
    }

    private static func run(_ call: Invocation) async throws {
        guard call.arguments.count >= 2 else {
            throw KubectlError.arguments("TYPE/NAME and list of ports are required for port-forward")
        }
        guard let listen = call.environment.listen else {
            throw KubectlError.unsupported("listening on local ports here")
        }
        let finder = PodFinder(session: call.session)
        let object = try await finder.object(call, [call.arguments[0]])
        let pod = try await finder.pod(
            of: object, timeout: call.flags.duration("pod-running-timeout"),
            orderedBy: PodFinder.activeFirst)
        let phase = pod.content[path: "status", "phase"]?.string ?? ""
        guard phase == "Running" else {
            throw KubectlError(
                "unable to forward port because pod is not running. Current status=\(phase)")
        }
        let mappings = try call.arguments.dropFirst()
            .map { try mapping($0, target: object.content, pod: pod.content) }
        let stream = try await call.session.streams()
            .openPortForward(RESTRequest("POST", pod.path(subresource: "portforward")))
        try await forward(call, mappings, stream, listen)
    }

    /// `80`, `8080:80`, `:80`, with names of ports too; a service's port leads to its target.
    static func mapping(_ text: String, target: APIObject, pod: APIObject) throws -> Mapping {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let last = parts.last, !last.isEmpty else {
            throw KubectlError("invalid port format '\(text)'")
        }
        let named = try number(last, target)
        let remote = target.kind == "Service" ? try targetPort(named, target, pod) : named
        guard parts.count == 2 else { return Mapping(local: named, remote: remote) }
        if parts[0].isEmpty { return Mapping(local: 0, remote: remote) }
        guard let local = Int(parts[0]), (0...65535).contains(local) else {
            throw KubectlError(
                "error parsing local port '\(parts[0])': strconv.ParseUint: parsing \(goQuoted(parts[0])): invalid syntax"
            )
        }
        return Mapping(local: local, remote: remote)
    }

    private static func number(_ text: String, _ target: APIObject) throws -> Int {
        if let number = Int(text) {
            guard (1...65535).contains(number) else { throw KubectlError("remote port must be > 0") }
            return number
        }
        if target.kind == "Service" {
            let ports = target[path: "spec", "ports"]?.array ?? []
            if let port = ports.first(where: { $0["name"]?.string == text })?["port"]?.int {
                return Int(port)
            }
            throw KubectlError("Service '\(target.name)' does not have a named port '\(text)'")
        }
        return try containerPort(text, target)
    }

    private static func containerPort(_ name: String, _ pod: APIObject) throws -> Int {
        for container in pod[path: "spec", "containers"]?.array ?? [] {
            for port in container["ports"]?.array ?? [] where port["name"]?.string == name {
                if let number = port["containerPort"]?.int { return Int(number) }
            }
        }
        throw KubectlError("Pod '\(pod.name)' does not have a named port '\(name)'")
    }

    private static func targetPort(_ number: Int, _ service: APIObject, _ pod: APIObject) throws -> Int {
        let ports = service[path: "spec", "ports"]?.array ?? []
        guard let port = ports.first(where: { $0["port"]?.int == Int64(number) }) else {
            throw KubectlError("Service \(service.name) does not have a service port \(number)")
        }
        // A headless service has no port of its own.
        if service[path: "spec", "clusterIP"]?.string == "None" { return number }
        switch port["targetPort"] {
        case .int(let target)?: return target == 0 ? number : Int(target)
        case .string(let name)?: return try containerPort(name, pod)
        default: return number
        }
    }

    private static func forward(
        _ call: Invocation, _ mappings: [Mapping], _ stream: any PortForwardStream,
        _ listen: KubectlEnvironment.Listen
    ) async throws {
        var addresses: [String] = []
        for address in call.flags.strings("address") {
            addresses += address == "localhost" ? ["127.0.0.1", "::1"] : [address]
        }
        let isLocal = call.flags.strings("address").contains("localhost")
        try await withThrowingTaskGroup { group in
            var listening = 0
            for mapping in mappings {
                for address in addresses {
                    do {
                        let listener = try await listen(address, mapping.local)
                        let shown = address.contains(":") ? "[\(address)]" : address
                        call.line("Forwarding from \(shown):\(listener.port) -> \(mapping.remote)")
                        listening += 1
                        group.addTask { try await serve(call, listener, mapping, stream) }
                    } catch {
                        // One of the two loopback addresses is enough.
                        call.errorLine(
                            "Unable to listen on port \(mapping.local): Listeners failed to create with the "
                                + "following errors: [\(error)]")
                        guard isLocal, address == "::1" else { continue }
                    }
                }
            }
            guard listening > 0 else {
                throw KubectlError(
                    "unable to listen on any of the requested ports: \(mappings.map { "{\($0.local) \($0.remote)}" })"
                )
            }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
    }

    private static func serve(
        _ call: Invocation, _ listener: any LocalListener, _ mapping: Mapping,
        _ stream: any PortForwardStream
    ) async throws {
        await withDiscardingTaskGroup { group in
            while let local = try? await listener.accept() {
                call.line("Handling connection for \(listener.port)")
                group.addTask {
                    do {
                        let remote = try await stream.connect(port: mapping.remote)
                        try await splice(local, remote)
                    } catch {
                        call.errorLine(
                            "error: an error occurred forwarding \(mapping.local) -> \(mapping.remote): \(error)"
                        )
                    }
                    await local.close()
                }
            }
        }
    }

    /// Copies both ways until both sides have ended.
    private static func splice(_ left: any ForwardedConnection, _ right: any ForwardedConnection) async throws
    {
        try await withThrowingTaskGroup { group in
            for (from, to) in [(left, right), (right, left)] {
                group.addTask {
                    while let bytes = try await from.next() { try await to.send(bytes) }
                    try await to.endInput()
                }
            }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
        await right.close()
    }
}
