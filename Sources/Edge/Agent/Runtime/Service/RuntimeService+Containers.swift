internal import CEdgeLinux
internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Prepares a container; nothing runs yet. The user is looked up in the image's files.
    public func createContainer(_ config: ContainerConfig, in sandboxID: String) async throws -> String {
        let sandbox = try table.withLock { table in
            guard let entry = table.sandboxes[sandboxID] else {
                throw RuntimeError(.notFound, "no sandbox \(sandboxID)")
            }
            guard entry.state == .ready else {
                throw RuntimeError(.failedPrecondition, "sandbox \(sandboxID) is not ready")
            }
            return entry.record
        }
        try validate(config)
        let id = newIdentifier()
        let created = clock.now
        let record = try await pool.run { [self] in
            let record = ContainerRecord(
                id: id, sandbox: sandbox, config: config, created: created, process: try ProcessSpec(config))
            do {
                if case .layers = config.root {
                    try Directory.make(run.upper(id))
                    try Directory.make(run.work(id))
                }
                let bytes = record.json.encoded
                try File.write(bytes, to: run.containerRecord(id, in: sandboxID), mode: 0o600)
            } catch {
                try? Directory.removeTree(run.container(id))
                throw error
            }
            return record
        }
        table.withLock { $0.containers[id] = ContainerEntry(record: record, phase: .created(config)) }
        return id
    }

    private func validate(_ config: ContainerConfig) throws(RuntimeError) {
        guard !config.arguments.isEmpty else { throw RuntimeError(.invalidArgument, "no command specified") }
        if case .layers(let layers) = config.root, layers.isEmpty {
            throw RuntimeError(.invalidArgument, "an image without layers")
        }
        guard config.mounts.count < Int(EDGE_MAX_BINDS) else {
            throw RuntimeError(.invalidArgument, "more than \(EDGE_MAX_BINDS - 1) mounts")
        }
        for mount in config.mounts where !mount.target.hasPrefix("/") {
            throw RuntimeError(.invalidArgument, "mount point \(mount.target) is not absolute")
        }
        if !config.workingDirectory.isEmpty, !config.workingDirectory.hasPrefix("/") {
            throw RuntimeError(
                .invalidArgument, "working directory \(config.workingDirectory) is not absolute")
        }
        let strings = config.arguments + config.environment + config.mounts.map(\.target) + [config.logPath]
        if strings.contains(where: { $0.utf8.contains(0) }) {
            throw RuntimeError(.invalidArgument, "a NUL byte in the container's configuration")
        }
        if config.logPath.split(separator: "/").contains("..") {
            throw RuntimeError(.invalidArgument, "log path \(config.logPath) leaves the pod's directory")
        }
    }

    /// Starts a created container. When that fails, the container counts as exited with code 128 and the reason.
    public func startContainer(_ id: String) async throws {
        let (record, sandbox, config) = try claimForStart(id)
        do {
            let connection = try connection(ofSandbox: sandbox.id)
            let start = try await pool.run { [self] in try prepareStart(record, sandbox, config) }
            let (pid, started) = try await start.send(id, over: connection)
            table.withLock { table in
                table.containers[id]?.started = started
                if case .starting = table.containers[id]?.phase {
                    table.containers[id]?.phase = .running(pid: pid)
                }
            }
            events.send(.containerStarted(sandboxID: sandbox.id, containerID: id))
        } catch {
            let message = Self.startMessage(error, arguments: config.arguments)
            await failStart(record, message)
            throw RuntimeError(.startFailed, message)
        }
    }

    private func claimForStart(_ id: String) throws -> (ContainerRecord, SandboxRecord, ContainerConfig) {
        try table.withLock { table in
            guard let entry = table.containers[id] else {
                throw RuntimeError(.notFound, "no container \(id)")
            }
            guard case .created(let config) = entry.phase else {
                throw RuntimeError(.failedPrecondition, "container \(id) was started before")
            }
            guard let sandbox = table.sandboxes[entry.record.sandboxID] else {
                throw RuntimeError(.notFound, "no sandbox \(entry.record.sandboxID)")
            }
            table.containers[id]?.phase = .starting
            return (entry.record, sandbox.record, config)
        }
    }

    /// The texts that users know from runc where there are such.
    private static func startMessage(_ error: any Error, arguments: [String]) -> String {
        guard let failure = error as? HelperConnection.Failure, failure.what.hasPrefix("exec ") else {
            return "failed to create container: \(error)"
        }
        let program = arguments[0]
        if failure.errno == .noEntry, !program.contains("/") {
            return "failed to create container: exec: \"\(program)\": executable file not found in $PATH"
        }
        return "failed to create container: exec: \"\(program)\": \(failure.errno)"
    }

    private func failStart(_ record: ContainerRecord, _ message: String) async {
        let now = clock.now
        let exit = ExitRecord(
            code: 128, signal: 0, isOutOfMemory: false, started: now, finished: now, message: message)
        let path = run.containerExit(record.id, in: record.sandboxID)
        try? await pool.run { try File.writeAtomically(Array(exit.text.utf8), to: path, durable: false) }
        finish(record.id, exit, reason: nil)
    }

    /// Removes a container that is not running, with all it has written except its logs. An unknown one is fine.
    public func removeContainer(_ id: String) async throws {
        let entry = table.withLock { $0.containers[id] }
        guard let entry else { return }
        switch entry.phase {
        case .running, .starting:
            throw RuntimeError(.failedPrecondition, "container \(id) is running: stop it before removing it")
        case .created, .exited:
            break
        }
        let record = entry.record
        try await pool.run { [self] in
            let group = cgroup(record.cgroup)
            if group.exists {
                try group.kill()
                try removeGroup(group)
            }
            try Directory.removeTree(run.container(id))
            try File.remove(run.containerRecord(id, in: record.sandboxID))
            try File.remove(run.containerExit(id, in: record.sandboxID))
        }
        table.withLock { _ = $0.containers.removeValue(forKey: id) }
    }

    /// In the order of their creation.
    public func listContainers(sandboxID: String? = nil) -> [Container] {
        table.withLock { table in
            table.containers.values
                .filter { sandboxID == nil || $0.record.sandboxID == sandboxID }
                .map(\.container)
        }.sorted { $0.created < $1.created }
    }

    public func container(_ id: String) throws(RuntimeError) -> Container {
        guard let container = table.withLock({ $0.containers[id]?.container }) else {
            throw RuntimeError(.notFound, "no container \(id)")
        }
        return container
    }
}
