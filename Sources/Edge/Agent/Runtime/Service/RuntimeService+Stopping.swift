internal import EdgeBase
internal import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Asks a container to end, and after the grace ends it. Returns when it has ended; at once if it was not
    /// running. One that never started counts as ended.
    ///
    /// - Parameter signal: overrides the container's own stop signal.
    public func stopContainer(_ id: String, grace: Duration, signal: Int32? = nil) async throws {
        let entry = table.withLock { $0.containers[id] }
        guard let entry else { throw RuntimeError(.notFound, "no container \(id)") }
        if case .created = entry.phase { return }
        if entry.isExited { return }
        let connection = try? connection(ofSandbox: entry.record.sandboxID)
        let asked = signal ?? entry.record.stopSignal
        // A helper that cannot be reached leaves only the group to be killed.
        if grace > .zero, let connection, (try? await connection.signal(id, asked)) != nil {
            if await waitForExit(id, within: grace) { return }
            try Task.checkCancellation()
        }
        let group = cgroup(entry.record.cgroup)
        if let connection, (try? await connection.signal(id, Signal.kill)) != nil {
            if await waitForExit(id, within: .milliseconds(20)) { return }
        }
        // Whoever shares the pid namespace with others is not ended by the end of the first process.
        try await pool.run { if group.exists { try group.kill() } }
        guard await waitForExit(id, within: .seconds(30)) else {
            throw RuntimeError(.timedOut, "container \(id) does not end: a process hangs in the kernel")
        }
    }

    /// Waits for a container's end; false if the time passes first.
    public func waitForExit(_ id: String, within limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.waitForExit(id) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    /// True once the container has ended or is not known; false if the task was cancelled before.
    @discardableResult
    public func waitForExit(_ id: String) async -> Bool {
        let waiter = Self.nextWaiter()
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let waits = table.withLock { table in
                    guard let entry = table.containers[id], !entry.isExited, !Task.isCancelled else {
                        return false
                    }
                    table.containers[id]?.waiters[waiter] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            table.withLock { $0.containers[id]?.waiters.removeValue(forKey: waiter) }?.resume()
        }
        return table.withLock { $0.containers[id]?.isExited ?? true }
    }

    private static let waiters = Mutex<UInt64>(0)

    static func nextWaiter() -> UInt64 {
        waiters.withLock { number in
            number += 1
            return number
        }
    }

    /// Marks a container as ended and wakes those who wait.
    func finish(_ id: String, _ exit: ExitRecord, reason: ContainerExit.Reason?) {
        let (sandboxID, waiters) = table.withLock { table -> (String?, [CheckedContinuation<Void, Never>]) in
            guard let entry = table.containers[id], !entry.isExited else { return (nil, []) }
            table.containers[id]?.phase = .exited(exit, reason: reason)
            if entry.started == nil, exit.message.isEmpty { table.containers[id]?.started = exit.started }
            table.containers[id]?.waiters = [:]
            return (entry.record.sandboxID, Array(entry.waiters.values))
        }
        guard let sandboxID else { return }
        for waiter in waiters { waiter.resume() }
        events.send(.containerExited(sandboxID: sandboxID, containerID: id))
    }

    /// The helper reports an end. Runs on the reactor's thread.
    func ended(_ exit: HelperConnection.Exit) {
        guard exit.isContainer else { return execEnded(exit) }
        let finished = Timestamp(nanoseconds: exit.finished)
        let (started, leavesOthers, group) = table.withLock { table -> (Timestamp?, Bool, String) in
            guard let entry = table.containers[exit.id] else { return (nil, false, "") }
            let sandbox = table.sandboxes[entry.record.sandboxID]?.record
            let shares = sandbox.map { $0.hostPID || $0.sharesProcessNamespace } ?? false
            return (entry.started, shares, entry.record.cgroup)
        }
        finish(
            exit.id,
            ExitRecord(
                code: exit.code, signal: exit.signal, isOutOfMemory: exit.isOutOfMemory,
                started: started ?? finished, finished: finished),
            reason: nil)
        if leavesOthers {
            let group = cgroup(group)
            Task { try? await pool.run { if group.exists { try group.kill() } } }
        }
    }

    /// A pod's helper is gone, or has taken another edge. Runs on the reactor's thread.
    func lost(_ sandboxID: String) {
        let isExpected = table.withLock { $0.isDisconnected || $0.sandboxes[sandboxID]?.connection == nil }
        if !isExpected { Task { await reconnect(sandboxID) } }
    }
}
