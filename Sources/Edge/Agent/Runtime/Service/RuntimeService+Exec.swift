internal import CEdgeLinux
internal import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Runs a further process in a running container, as the container's user with the container's rights.
    public func exec(_ request: ExecRequest, in containerID: String) async throws -> ExecSession {
        guard !request.arguments.isEmpty else { throw RuntimeError(.invalidArgument, "no command specified") }
        let (record, connection) = try runningContainer(containerID)
        let id = newIdentifier()
        let pipes = try ExecPipes(request)
        let (plan, group) = try await pool.run { [self] in try prepareExec(request, record) }
        var start = HelperConnection.Start(plan: plan)
        start.flags = request.hasTerminal ? UInt32(EDGE_POD_TERMINAL) : 0
        start.cgroup = group
        table.withLock { $0.execs[id] = ExecEntry(sandboxID: record.sandboxID) }
        do {
            let master = try await connection.exec(id, in: containerID, start, stdio: pipes.inner)
            if request.hasTerminal {
                guard let master else { throw RuntimeError(.internalError, "no terminal came back") }
                let terminal = try AsyncDescriptor(master, reactor: reactor)
                return ExecSession(
                    id: id, service: self, input: request.wantsInput ? terminal : nil, output: terminal,
                    errorOutput: nil, hasTerminal: true)
            }
            let outer = try pipes.outer.map { try $0.map { try AsyncDescriptor($0, reactor: reactor) } }
            return ExecSession(
                id: id, service: self, input: outer[0], output: outer[1], errorOutput: outer[2],
                hasTerminal: false)
        } catch let failure as HelperConnection.Failure {
            forgetExec(id)
            throw Self.execError(failure, request)
        } catch {
            forgetExec(id)
            throw error
        }
    }

    private func runningContainer(_ id: String) throws -> (ContainerRecord, HelperConnection) {
        let entry = table.withLock { $0.containers[id] }
        guard let entry else { throw RuntimeError(.notFound, "no container \(id)") }
        guard case .running = entry.phase else {
            throw RuntimeError(.failedPrecondition, "container \(id) is not running")
        }
        return (entry.record, try connection(ofSandbox: entry.record.sandboxID))
    }

    private func prepareExec(_ request: ExecRequest, _ record: ContainerRecord) throws
        -> (SharedDescriptor, SharedDescriptor?)
    {
        let group = cgroup(record.cgroup)
        var process = record.process
        if request.hasTerminal, !process.environment.contains(where: { $0.hasPrefix("TERM=") }) {
            process.environment.append("TERM=xterm")
        }
        let filter = process.hasSeccomp ? try seccomp.program(for: process.capabilities) : nil
        let plan = ExecPlan(
            arguments: request.arguments, process: process, cgroup: group, hasTerminal: request.hasTerminal,
            columns: UInt32(request.columns), rows: UInt32(request.rows), filter: filter)
        let file = try MemoryFile(name: "plan", contents: LaunchStep.encode(plan.steps())).share()
        let directory = try group.unifiedDirectory.map { SharedDescriptor(try File.open($0, [.directory])) }
        return (file, directory)
    }

    private static func execError(_ failure: HelperConnection.Failure, _ request: ExecRequest) -> RuntimeError
    {
        let program = request.arguments[0]
        guard failure.what.hasPrefix("exec ") else {
            return RuntimeError(.startFailed, "failed to exec in container: \(failure)")
        }
        let missing = failure.errno == .noEntry && !program.contains("/")
        let cause = missing ? "executable file not found in $PATH" : "\(failure.errno)"
        return RuntimeError(.startFailed, "failed to exec in container: exec: \"\(program)\": \(cause)")
    }

    /// Runs a command to its end and collects what it prints.
    ///
    /// - Parameter limit: bytes per stream; what a command prints beyond is dropped.
    /// - Throws: `timedOut` after the time, when the process has been killed.
    public func execSync(
        _ arguments: [String], in containerID: String, timeout: Duration? = nil, limit: Int = 16 << 20
    ) async throws -> ExecResult {
        let session = try await exec(ExecRequest(arguments), in: containerID)
        defer { session.close() }
        let result = await withTaskGroup(of: ExecResult?.self) { group in
            group.addTask { await Self.collect(session, limit: limit) }
            if let timeout {
                group.addTask {
                    try? await Task.sleep(for: timeout)
                    return nil
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let result { return result }
        try await session.signal(9)
        try Task.checkCancellation()
        throw RuntimeError(.timedOut, "command timed out after \(timeout ?? .zero)")
    }

    private static func collect(_ session: ExecSession, limit: Int) async -> ExecResult? {
        async let output = drain(session.output, limit)
        async let errorOutput = drain(session.errorOutput, limit)
        // A child left in the background may keep the pipes open: the process's own end counts.
        guard let status = await session.wait() else { return nil }
        session.closeAfterExit()
        return ExecResult(output: await output, errorOutput: await errorOutput, status: status)
    }

    private static func drain(_ stream: AsyncDescriptor?, _ limit: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try? await stream?.read(upTo: 65536) {
            bytes += chunk.prefix(limit - bytes.count)
        }
        return bytes
    }

    func waitForExec(_ id: String) async -> ExitStatus? {
        let waiter = Self.nextWaiter()
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let waits = table.withLock { table in
                    guard let entry = table.execs[id], entry.result == nil, !Task.isCancelled else {
                        return false
                    }
                    table.execs[id]?.waiters[waiter] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            table.withLock { $0.execs[id]?.waiters.removeValue(forKey: waiter) }?.resume()
        }
        return table.withLock { $0.execs[id]?.result }
    }

    func execEnded(_ exit: HelperConnection.Exit) {
        execEnded(exit.id, exit.signal == 0 ? .exited(code: exit.code) : .signalled(exit.signal))
    }

    func execEnded(_ id: String, _ status: ExitStatus) {
        let waiters = table.withLock { table in
            guard table.execs[id]?.result == nil else { return [] as [CheckedContinuation<Void, Never>] }
            table.execs[id]?.result = status
            let waiters = table.execs[id]?.waiters ?? [:]
            table.execs[id]?.waiters = [:]
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    func signalExec(_ id: String, _ number: Int32) async throws {
        guard let sandboxID = table.withLock({ $0.execs[id]?.sandboxID }) else { return }
        try await connection(ofSandbox: sandboxID).signal(id, number)
    }

    func forgetExec(_ id: String) {
        let waiters = table.withLock { $0.execs.removeValue(forKey: id)?.waiters ?? [:] }
        for waiter in waiters.values { waiter.resume() }
    }
}

/// The pipes of a process without a terminal: one end for it, one for whoever asked.
private struct ExecPipes {
    var inner: [SharedDescriptor?] = [nil, nil, nil]
    var outer: [SharedDescriptor?] = [nil, nil, nil]

    init(_ request: ExecRequest) throws(SystemError) {
        guard !request.hasTerminal else { return }
        for (index, isWanted) in [request.wantsInput, request.wantsOutput, request.wantsErrorOutput]
            .enumerated()
        where isWanted {
            let ends = try Pipe().takeEnds()
            inner[index] = index == 0 ? ends.read : ends.write
            outer[index] = index == 0 ? ends.write : ends.read
        }
    }
}
