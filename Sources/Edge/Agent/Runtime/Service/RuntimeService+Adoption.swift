internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Takes over what an earlier edge has left: living pods with their exits in between, dead ones as not ready.
    /// What belongs to another boot, or to nothing, is removed.
    ///
    /// - Throws: `failedPrecondition` while another edge uses the run directory.
    public func start() async throws {
        let records = try await pool.run { [self] in
            try Directory.make(run.sandboxes, mode: 0o700)
            try Directory.make(run.containers, mode: 0o700)
            try Directory.make(run.mountPoint)
            try takeLock()
            return try readSandboxes()
        }
        await withTaskGroup(of: Void.self) { group in
            for record in records { group.addTask { await self.adopt(record) } }
        }
        try await pool.run { [self] in try removeStrayContainers() }
    }

    /// Two services would take the helpers from each other in turns.
    private func takeLock() throws {
        do throws(SystemError) {
            let taken = try FileLock(run.path + "/lock")
            lock.withLock { $0 = taken }
        } catch {
            guard error.errno == .again else { throw error }
            throw RuntimeError(.failedPrecondition, "another edge uses the run directory \(run.path)")
        }
    }

    /// Unreadable records are removed with their sandbox: nobody can manage it any more.
    private func readSandboxes() throws -> [SandboxRecord] {
        var records: [SandboxRecord] = []
        for id in try Directory.names(run.sandboxes) {
            if let record = try? read(run.sandboxRecord(id), SandboxRecord.init(json:)),
                record.bootID == bootID
            {
                records.append(record)
            } else {
                try Mount.unmount(run.sharedMemory(id))
                try Directory.removeTree(run.sandbox(id))
            }
        }
        return records
    }

    private func read<Record>(_ path: String, _ decode: (JSONValue) throws -> Record) throws -> Record {
        try decode(try JSONParser.parse(try File.read(path, limit: 4 << 20)))
    }

    private func adopt(_ record: SandboxRecord) async {
        let (connection, listing) = await listHelper(record)
        let containers = (try? await pool.run { [self] in try readContainers(record.id) }) ?? []
        table.withLock { table in
            table.sandboxes[record.id] = SandboxEntry(
                record: record, state: connection == nil ? .notReady : .ready, helperPID: listing?.pid ?? 0,
                connection: connection)
        }
        for container in containers { await adopt(container, listing?.processes ?? []) }
        if connection == nil { await endOrphans(record) }
    }

    private func listHelper(_ record: SandboxRecord) async -> (HelperConnection?, HelperConnection.Listing?) {
        guard let connection = try? connect(record) else { return (nil, nil) }
        do {
            return (connection, try await connection.list())
        } catch {
            connection.close()
            return (nil, nil)
        }
    }

    private func readContainers(_ sandboxID: String) throws -> [ContainerRecord] {
        try Directory.names(run.sandbox(sandboxID)).filter { $0.hasSuffix(".json") && $0 != "sandbox.json" }
            .compactMap { name in
                try? read("\(run.sandbox(sandboxID))/\(name)", ContainerRecord.init(json:))
            }
    }

    private func adopt(_ record: ContainerRecord, _ processes: [HelperConnection.Process]) async {
        if let process = processes.first(where: { $0.id == record.id }) {
            let entry = ContainerEntry(
                record: record, phase: .running(pid: process.pid), started: process.started)
            table.withLock { $0.containers[record.id] = entry }
            // It may have ended between the list and now: then the event found no entry.
            if let exit = readExit(record) { finish(record.id, exit, reason: nil) }
        } else if let exit = readExit(record) {
            let entry = ContainerEntry(
                record: record, phase: .exited(exit, reason: nil),
                started: exit.message.isEmpty ? exit.started : nil)
            table.withLock { $0.containers[record.id] = entry }
        } else if cgroup(record.cgroup).exists {
            // It was started, and its end went down with the helper.
            table.withLock { table in
                table.containers[record.id] = ContainerEntry(
                    record: record, phase: .exited(unseenEnd(), reason: .unknown))
            }
        } else {
            // Never started, and without its configuration it never will be.
            table.withLock { table in
                table.containers[record.id] = ContainerEntry(
                    record: record, phase: .exited(unseenEnd(), reason: .unknown))
            }
            try? await removeContainer(record.id)
        }
    }

    private func readExit(_ record: ContainerRecord) -> ExitRecord? {
        (try? File.readText(run.containerExit(record.id, in: record.sandboxID))).flatMap {
            ExitRecord(text: $0)
        }
    }

    /// 255, as containerd reports an end that it has not seen.
    private func unseenEnd() -> ExitRecord {
        let now = clock.now
        return ExitRecord(code: 255, signal: 0, isOutOfMemory: false, started: now, finished: now)
    }

    /// A connection broke. The helper may live: another edge was there, or this one was too slow to read.
    func reconnect(_ sandboxID: String) async {
        guard let record = table.withLock({ $0.sandboxes[sandboxID]?.record }) else { return }
        let (connection, listing) = await listHelper(record)
        guard let connection, let listing else { return await loseSandbox(record) }
        let isWanted = table.withLock { table in
            guard !table.isDisconnected, table.sandboxes[sandboxID]?.connection != nil else { return false }
            table.sandboxes[sandboxID]?.connection = connection
            return true
        }
        guard isWanted else { return connection.close() }
        settle(record, listing)
    }

    /// Ends that were reported to nobody.
    private func settle(_ record: SandboxRecord, _ listing: HelperConnection.Listing) {
        let alive = Set(listing.processes.map(\.id))
        let (containers, execs) = table.withLock { table in
            (
                table.containers.values.filter { entry in
                    guard case .running = entry.phase else { return false }
                    return entry.record.sandboxID == record.id && !alive.contains(entry.record.id)
                }.map(\.record),
                table.execs.filter { $0.value.sandboxID == record.id && !alive.contains($0.key) }.map(\.key)
            )
        }
        for container in containers {
            let exit = readExit(container)
            finish(container.id, exit ?? unseenEnd(), reason: exit == nil ? .unknown : nil)
        }
        for exec in execs { execEnded(exec, .exited(code: 255)) }
    }

    /// The helper is dead: whatever is left of the pod is ended, since nobody would see its end or its output.
    private func loseSandbox(_ record: SandboxRecord) async {
        table.withLock { table in
            table.sandboxes[record.id]?.connection = nil
            table.sandboxes[record.id]?.state = .notReady
        }
        await endOrphans(record)
        settle(record, HelperConnection.Listing(version: 0, pid: 0, processes: []))
        events.send(.sandboxLost(sandboxID: record.id))
    }

    private func endOrphans(_ record: SandboxRecord) async {
        let group = cgroup(record.cgroup)
        try? await pool.run { if group.exists { try group.kill() } }
    }

    /// Writable layers whose container nobody knows.
    private func removeStrayContainers() throws {
        let known = table.withLock { Set($0.containers.keys) }
        for id in try Directory.names(run.containers) where !known.contains(id) {
            try Directory.removeTree(run.container(id))
        }
    }
}
