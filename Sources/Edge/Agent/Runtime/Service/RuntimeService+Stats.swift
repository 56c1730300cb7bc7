public import EdgeSystem
internal import Synchronization

/// What a pod uses at one moment.
public struct PodSandboxStats: Sendable {
    /// Of all its containers and the helper.
    public let usage: CgroupStats
    /// Of its interfaces, loopback left out; empty with the host's network.
    public let network: [NetworkCounters]
}

extension RuntimeService {
    /// Counters are read when asked for, never in the background.
    public func stats(ofContainer id: String) async throws -> CgroupStats {
        guard let record = table.withLock({ $0.containers[id]?.record }) else {
            throw RuntimeError(.notFound, "no container \(id)")
        }
        return try await pool.run { [self] in cgroup(record.cgroup).stats() }
    }

    public func stats(ofSandbox id: String) async throws -> PodSandboxStats {
        guard let entry = table.withLock({ $0.sandboxes[id] }) else {
            throw RuntimeError(.notFound, "no sandbox \(id)")
        }
        return try await pool.run { [self] in
            let hasOwnNetwork = entry.state == .ready && !entry.record.hostNetwork
            let network = hasOwnNetwork ? (try? NetworkCounters.ofNamespace(of: entry.helperPID)) ?? [] : []
            return PodSandboxStats(
                usage: cgroup(entry.record.cgroup).stats(), network: network.filter { $0.interface != "lo" })
        }
    }

    /// The bytes that the container has written outside its volumes, as the disk counts them.
    public func writableLayerUsage(ofContainer id: String) async throws -> UInt64 {
        let directory = run.upper(id)
        return try await pool.run { try Directory.diskUsage(directory) }
    }

    /// Changes the limits of a container while it runs.
    public func updateResources(ofContainer id: String, _ limits: CgroupLimits) async throws {
        guard let record = table.withLock({ $0.containers[id]?.record }) else {
            throw RuntimeError(.notFound, "no container \(id)")
        }
        try await pool.run { [self] in _ = try cgroup(record.cgroup).apply(limits) }
    }

    /// The same for a pod's own group.
    public func updateResources(ofSandbox id: String, _ limits: CgroupLimits) async throws {
        guard let record = table.withLock({ $0.sandboxes[id]?.record }) else {
            throw RuntimeError(.notFound, "no sandbox \(id)")
        }
        try await pool.run { [self] in _ = try cgroup(record.cgroup).apply(limits) }
    }
}
