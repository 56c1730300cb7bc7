internal import EdgeAPI
internal import EdgeBase
internal import EdgeRuntime
internal import EdgeSystem

/// Runs one probe or hook once.
struct Prober: Sendable {
    static let maximumOutput = 10 << 10

    let runtime: any PodRuntime
    let transport: any ProbeTransport

    /// What a probe or a hook is to reach.
    struct Target: Sendable {
        var container: EdgeAPI.Container
        var containerID: String
        var address: IPAddress?
    }

    func run(_ probe: Probe, _ target: Target, userAgent: String) async -> ProbeOutcome {
        let timeout = Duration.seconds(max(1, probe.timeoutSeconds))
        if let action = probe.exec { return await exec(action, target, timeout) }
        if let action = probe.httpGet {
            return await httpGet(action, target, timeout, userAgent: userAgent)
        }
        if let action = probe.tcpSocket { return await connect(action, target, timeout) }
        if probe.grpc != nil { return .unknown("gRPC probes are not supported on this node") }
        return .unknown("missing probe handler")
    }

    func exec(_ action: ExecAction, _ target: Target, _ timeout: Duration?) async -> ProbeOutcome {
        let environment: [String: String] = [:]
        let command = action.command.map { VariableExpansion.expand($0, environment) }
        do {
            let result = try await runtime.execSync(
                command, in: target.containerID, timeout: timeout, limit: Self.maximumOutput)
            if result.status.code == 0 { return .success }
            let text = String(decoding: result.output + result.errorOutput, as: UTF8.self)
            return .failure(text.isEmpty ? "command exited with code \(result.status.code)" : text)
        } catch let error as RuntimeError where error.code == .timedOut {
            return .failure("command timed out: \(error)")
        } catch let error as RuntimeError where error.code == .startFailed {
            return .failure("\(error)")
        } catch {
            return .unknown("\(error)")
        }
    }

    func httpGet(_ action: HTTPGetAction, _ target: Target, _ timeout: Duration, userAgent: String) async
        -> ProbeOutcome
    {
        guard let port = Self.port(action.port, target.container) else {
            return .unknown("couldn't find port: \(action.port.map { "\($0)" } ?? "")")
        }
        guard let host = host(action.host, target) else { return .unknown("the pod has no address") }
        let path = action.path.hasPrefix("/") ? action.path : "/" + action.path
        let url = "\(action.scheme.lowercased())://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)"
        var headers = action.httpHeaders.map { (name: $0.name, value: $0.value) }
        if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            headers.append(("User-Agent", userAgent))
        }
        if !headers.contains(where: { $0.name.lowercased() == "accept" }) {
            headers.append(("Accept", "*/*"))
        }
        do {
            let (status, _) = try await transport.httpGet(url, headers: headers, timeout: timeout)
            if (200..<400).contains(status) { return .success }
            return .failure("HTTP probe failed with statuscode: \(status)")
        } catch {
            return .failure("Get \"\(url)\": \(error)")
        }
    }

    private func connect(_ action: TCPSocketAction, _ target: Target, _ timeout: Duration) async
        -> ProbeOutcome
    {
        guard let port = Self.port(action.port, target.container) else {
            return .unknown("couldn't find port: \(action.port.map { "\($0)" } ?? "")")
        }
        guard let host = host(action.host, target) else { return .unknown("the pod has no address") }
        do {
            try await transport.tcpConnect(host: host, port: port, timeout: timeout)
            return .success
        } catch {
            return .failure("\(error)")
        }
    }

    private func host(_ name: String, _ target: Target) -> String? {
        name.isEmpty ? target.address?.description : name
    }

    static func port(_ port: IntOrString?, _ container: EdgeAPI.Container) -> Int? {
        switch port {
        case .int(let number): number > 0 && number < 65536 ? Int(number) : nil
        case .string(let name): container.port(named: name)?.containerPort ?? Int(name)
        case nil: nil
        }
    }
}
