internal import EdgeHost
internal import EdgeSystem

/// Speaks to the service manager that runs the installed edge.
struct ServiceControl {
    let install: InstallRecord

    init(_ install: InstallRecord) {
        self.install = install
    }

    func stop() async throws {
        switch install.serviceManager {
        case .systemd: try await run("systemctl", "stop", "\(install.service).service")
        case .openrc: try await run("rc-service", "--ifstarted", install.service, "stop")
        case .none: return
        }
    }

    /// Takes the service out of the host's start; its files are removed by the caller.
    func disable() async throws {
        switch install.serviceManager {
        case .systemd: try await run("systemctl", "disable", "\(install.service).service")
        case .openrc: try await run("rc-update", "delete", install.service, "default")
        case .none: return
        }
    }

    /// After the files have gone.
    func forget() async {
        guard install.serviceManager == .systemd else { return }
        try? await run("systemctl", "daemon-reload")
        try? await run("systemctl", "reset-failed", "\(install.service).service")
    }

    private func run(_ program: String, _ arguments: String...) async throws {
        let directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        guard let path = directories.map({ "\($0)/\(program)" }).first(where: { File.exists($0) }) else {
            throw CommandFailure("\(program) is not on this host any more")
        }
        var command = Command(
            .path(path), arguments: [program] + arguments,
            environment: ["PATH=\(directories.joined(separator: ":"))", "LANG=C"])
        command.descriptors = [nil, nil, 2]
        let status = try await command.start(reactor: try Reactor()).exitStatus
        guard status.code == 0 else {
            throw CommandFailure("\(program) \(arguments.joined(separator: " ")): \(status)")
        }
    }
}
