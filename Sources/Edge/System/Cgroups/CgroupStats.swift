/// What a group uses at one moment. Nil: the host does not count it.
public struct CgroupStats: Sendable, Equatable {
    /// Nanoseconds of processor time since the group was made.
    public var cpuTime: UInt64?
    /// Bytes, page cache included.
    public var memoryUsage: UInt64?
    /// Usage without the page cache that can be dropped at once: what eviction and `kubectl top` look at.
    public var workingSet: UInt64?
    public var anonymousMemory: UInt64?
    public var pageFaults: UInt64?
    public var majorPageFaults: UInt64?
    public var swapUsage: UInt64?
    public var processes: UInt64?
    public var memoryLimit: UInt64?
    public var oomKills: UInt64?

    public init() {}
}

extension Cgroup {
    /// Reads the counters; a dozen small files of the kernel.
    public func stats() -> CgroupStats {
        var stats = CgroupStats()
        if let hierarchy = layout.hierarchy(of: "memory") {
            readMemory(directory(in: hierarchy), unified: hierarchy.isUnified, into: &stats)
        }
        if let directory = directory(for: "pids") { stats.processes = number(directory, "pids.current") }
        if let directory = directory(for: "cpuacct") {
            stats.cpuTime = number(directory, "cpuacct.usage")
        } else if let directory = unifiedDirectory {
            stats.cpuTime = values(directory, "cpu.stat")?.number("usage_usec").map { $0 * 1000 }
        }
        return stats
    }

    private func readMemory(_ directory: String, unified: Bool, into stats: inout CgroupStats) {
        let detail = values(directory, "memory.stat")
        stats.memoryUsage = number(directory, unified ? "memory.current" : "memory.usage_in_bytes")
        let inactive = detail?.number(unified ? "inactive_file" : "total_inactive_file") ?? 0
        stats.workingSet = stats.memoryUsage.map { $0 > inactive ? $0 - inactive : 0 }
        stats.anonymousMemory = detail?.number(unified ? "anon" : "total_rss")
        stats.pageFaults = detail?.number(unified ? "pgfault" : "total_pgfault")
        stats.majorPageFaults = detail?.number(unified ? "pgmajfault" : "total_pgmajfault")
        stats.swapUsage = unified ? number(directory, "memory.swap.current") : detail?.number("total_swap")
        stats.memoryLimit = number(directory, unified ? "memory.max" : "memory.limit_in_bytes")
        stats.oomKills = values(directory, unified ? "memory.events" : "memory.oom_control")?.number(
            "oom_kill")
    }

    private func number(_ directory: String, _ file: String) -> UInt64? {
        (try? File.readText("\(directory)/\(file)")).flatMap { UInt64($0.prefix { !$0.isWhitespace }) }
    }

    private func values(_ directory: String, _ file: String) -> KeyedValues? {
        (try? File.readText("\(directory)/\(file)")).map { KeyedValues($0) }
    }

    /// The file whose `oom_kill` line counts the kills of this group; nil without the memory controller.
    public var oomCounterFile: String? {
        layout.hierarchy(of: "memory").map { hierarchy in
            directory(in: hierarchy) + (hierarchy.isUnified ? "/memory.events" : "/memory.oom_control")
        }
    }
}
