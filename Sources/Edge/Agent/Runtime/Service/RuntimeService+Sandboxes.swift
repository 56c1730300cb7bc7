internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Makes a pod's sandbox: its namespaces, its group, its helper. The network is up to the caller, who finds
    /// the namespace in the result. After an error nothing is left.
    public func runPodSandbox(_ config: PodSandboxConfig) async throws -> PodSandbox {
        let record = SandboxRecord(id: newIdentifier(), config: config, created: clock.now, bootID: bootID)
        do {
            try await pool.run { [self] in
                try prepare(record, config)
                _ = try helper.start(record, config: config, cgroup: helperCgroup(config.cgroup), in: run)
            }
            let connection = try connect(record)
            let listing = try await connection.list()
            let entry = SandboxEntry(
                record: record, state: .ready, helperPID: listing.pid, connection: connection)
            table.withLock { $0.sandboxes[record.id] = entry }
            return entry.sandbox
        } catch {
            try? await pool.run { [self] in try discard(record) }
            throw error
        }
    }

    private func prepare(_ record: SandboxRecord, _ config: PodSandboxConfig) throws {
        try Directory.make(run.sandbox(record.id), mode: 0o700)
        try File.write(record.json.encoded, to: run.sandboxRecord(record.id), mode: 0o600)
        let group = cgroup(config.cgroup)
        try group.create(parentOfOthers: true)
        try group.apply(config.resources)
        let helpers = helperCgroup(config.cgroup)
        if helpers != group { try helpers.create() }
        if !config.hostIPC {
            try Directory.make(run.sharedMemory(record.id))
            try Mount.mount(
                type: "tmpfs", source: "shm", at: run.sharedMemory(record.id),
                flags: [.noSetUID, .noDevices, .noExecute],
                options: "mode=1777,size=\(config.sharedMemorySize)")
        }
    }

    func connect(_ record: SandboxRecord) throws(SystemError) -> HelperConnection {
        try HelperConnection(
            path: run.socket(record.id), reactor: reactor,
            onExit: { [weak self] exit in self?.ended(exit) },
            onClose: { [weak self] in self?.lost(record.id) })
    }

    /// Takes away all that is on the host, living processes included.
    func discard(_ record: SandboxRecord) throws {
        let group = cgroup(record.cgroup)
        if group.exists { try? group.kill() }
        try Mount.unmount(run.sharedMemory(record.id))
        try Directory.removeTree(run.sandbox(record.id))
        try removeGroup(group)
    }

    /// Processes that were killed just now leave their group within milliseconds.
    func removeGroup(_ group: Cgroup) throws(SystemError) {
        for attempt in 0..<10 {
            do throws(SystemError) {
                return try group.remove()
            } catch {
                guard error.errno == .busy, attempt < 9 else { throw error }
                SystemClock.pause(milliseconds: 1 << attempt)
            }
        }
    }

    /// Ends the pod: its containers at once (whoever wants grace stops them first), then the helper and with it
    /// the namespaces. The sandbox and its containers can still be looked at.
    public func stopPodSandbox(_ id: String) async throws {
        let (record, running) = try table.withLock { table in
            guard let entry = table.sandboxes[id] else { throw RuntimeError(.notFound, "no sandbox \(id)") }
            let running = table.containers.values.filter { $0.record.sandboxID == id && !$0.isExited }
            return (entry.record, running.map(\.record.id))
        }
        for container in running { try await stopContainer(container, grace: .zero) }
        let connection = table.withLock { table in
            table.sandboxes[id]?.state = .notReady
            defer { table.sandboxes[id]?.connection = nil }
            return table.sandboxes[id]?.connection
        }
        if let connection {
            do { try await connection.quit() } catch { connection.close() }
        }
        try await pool.run { [self] in
            let group = cgroup(record.cgroup)
            if group.exists { try group.kill() }
            try Mount.unmount(run.sharedMemory(id))
        }
    }

    /// Removes a sandbox with its containers, stopping it first. An unknown one is fine.
    public func removePodSandbox(_ id: String) async throws {
        guard let record = table.withLock({ $0.sandboxes[id]?.record }) else { return }
        try await stopPodSandbox(id)
        let containers = table.withLock { table in
            table.containers.values.filter { $0.record.sandboxID == id }.map(\.record.id)
        }
        for container in containers { try await removeContainer(container) }
        try await pool.run { [self] in try discard(record) }
        table.withLock { _ = $0.sandboxes.removeValue(forKey: id) }
    }

    /// In the order of their creation.
    public func listPodSandboxes() -> [PodSandbox] {
        table.withLock { $0.sandboxes.values.map(\.sandbox) }.sorted { $0.created < $1.created }
    }

    public func podSandbox(_ id: String) throws(RuntimeError) -> PodSandbox {
        guard let sandbox = table.withLock({ $0.sandboxes[id]?.sandbox }) else {
            throw RuntimeError(.notFound, "no sandbox \(id)")
        }
        return sandbox
    }

    /// The connection of a sandbox that is ready.
    func connection(ofSandbox id: String) throws(RuntimeError) -> HelperConnection {
        let entry = table.withLock { $0.sandboxes[id] }
        guard let entry else { throw RuntimeError(.notFound, "no sandbox \(id)") }
        guard let connection = entry.connection, entry.state == .ready else {
            throw RuntimeError(.failedPrecondition, "sandbox \(id) is not ready")
        }
        return connection
    }
}
