internal import Glibc

/// Limits of a group, in the terms of the CRI. Nil leaves a value as it is; -1 means unlimited.
public struct CgroupLimits: Sendable, Equatable {
    /// Relative weight on the v1 scale, 2 to 262144.
    public var cpuShares: UInt64?
    /// Microseconds per period.
    public var cpuQuota: Int64?
    public var cpuPeriod: UInt64?
    /// Bytes.
    public var memory: Int64?
    /// Bytes of memory and swap together.
    public var memoryAndSwap: Int64?
    /// Processes and threads.
    public var pids: Int64?
    /// Lists such as `0-1,3`.
    public var cpus: String?
    public var memoryNodes: String?
    /// Bytes by page size as the kernel writes it: `2MB`, `1GB`.
    public var hugePages: [String: UInt64] = [:]
    /// Whether an OOM kill ends the whole group (v2 only).
    public var killsGroupOnOOM: Bool?
    /// Further v2 files by name, as they are.
    public var unified: [String: String] = [:]

    public init() {}
}

/// One value for one file of a controller.
public struct CgroupWrite: Sendable, Equatable {
    public let controller: String
    public let file: String
    public let value: String
    /// Whether the group works without: the kernel or its configuration may lack the file.
    public let isOptional: Bool

    init(_ controller: String, _ file: String, _ value: String, isOptional: Bool = false) {
        self.controller = controller
        self.file = file
        self.value = value
        self.isOptional = isOptional
    }
}

extension CgroupLimits {
    /// What to write for a controller of a v1 hierarchy, in order.
    func legacyWrites() -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let cpuShares { writes.append(CgroupWrite("cpu", "cpu.shares", String(max(2, cpuShares)))) }
        if let cpuPeriod { writes.append(CgroupWrite("cpu", "cpu.cfs_period_us", String(cpuPeriod))) }
        if let cpuQuota { writes.append(CgroupWrite("cpu", "cpu.cfs_quota_us", String(cpuQuota))) }
        if let memory { writes.append(CgroupWrite("memory", "memory.limit_in_bytes", String(memory))) }
        if let memoryAndSwap {
            writes.append(
                CgroupWrite("memory", "memory.memsw.limit_in_bytes", String(memoryAndSwap), isOptional: true))
        }
        if let pids { writes.append(CgroupWrite("pids", "pids.max", pids < 0 ? "max" : String(pids))) }
        if let cpus, !cpus.isEmpty { writes.append(CgroupWrite("cpuset", "cpuset.cpus", cpus)) }
        if let memoryNodes, !memoryNodes.isEmpty {
            writes.append(CgroupWrite("cpuset", "cpuset.mems", memoryNodes))
        }
        for (size, bytes) in hugePages.sorted(by: { $0.key < $1.key }) {
            writes.append(
                CgroupWrite("hugetlb", "hugetlb.\(size).limit_in_bytes", String(bytes), isOptional: true))
        }
        return writes
    }

    /// The same for a controller of the v2 hierarchy.
    func unifiedWrites() -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        let amount = { (value: Int64) in value < 0 ? "max" : String(value) }
        if let cpuShares {
            writes.append(CgroupWrite("cpu", "cpu.weight", String(Self.weight(forShares: cpuShares))))
        }
        if cpuQuota != nil || cpuPeriod != nil {
            let quota = cpuQuota.map { $0 <= 0 ? "max" : String($0) } ?? "max"
            writes.append(CgroupWrite("cpu", "cpu.max", "\(quota) \(cpuPeriod ?? 100_000)"))
        }
        if let memory { writes.append(CgroupWrite("memory", "memory.max", amount(memory))) }
        if let memoryAndSwap {
            let swap = memoryAndSwap < 0 ? -1 : max(0, memoryAndSwap - max(0, memory ?? 0))
            writes.append(CgroupWrite("memory", "memory.swap.max", amount(swap), isOptional: true))
        }
        if let killsGroupOnOOM {
            writes.append(
                CgroupWrite("memory", "memory.oom.group", killsGroupOnOOM ? "1" : "0", isOptional: true))
        }
        if let pids { writes.append(CgroupWrite("pids", "pids.max", amount(pids))) }
        if let cpus, !cpus.isEmpty { writes.append(CgroupWrite("cpuset", "cpuset.cpus", cpus)) }
        if let memoryNodes, !memoryNodes.isEmpty {
            writes.append(CgroupWrite("cpuset", "cpuset.mems", memoryNodes))
        }
        for (size, bytes) in hugePages.sorted(by: { $0.key < $1.key }) {
            writes.append(CgroupWrite("hugetlb", "hugetlb.\(size).max", String(bytes), isOptional: true))
        }
        for (file, value) in unified.sorted(by: { $0.key < $1.key }) {
            writes.append(CgroupWrite(String(file.prefix { $0 != "." }), file, value))
        }
        return writes
    }

    /// The v2 weight (1 to 10000) for v1 shares (2 to 262144), by the curve of opencontainers/cgroups 0.0.5 that
    /// keeps both defaults equal: 1024 shares are the weight 100.
    static func weight(forShares shares: UInt64) -> UInt64 {
        guard shares > 2 else { return 1 }
        guard shares < 262_144 else { return 10000 }
        let logarithm = log2(Double(shares))
        let exponent = (logarithm * logarithm + 125 * logarithm) / 612 - 7.0 / 34
        return UInt64(pow(10, exponent).rounded(.up))
    }
}

extension Cgroup {
    /// Sets limits. Controllers that the host lacks are left out and returned, for a warning.
    @discardableResult
    public func apply(_ limits: CgroupLimits) throws(SystemError) -> Set<String> {
        var missing: Set<String> = []
        let legacy = limits.legacyWrites()
        let unified = limits.unifiedWrites()
        for controller in Set((legacy + unified).map(\.controller)).sorted() {
            guard let hierarchy = layout.hierarchy(of: controller) else {
                missing.insert(controller)
                continue
            }
            let writes = (hierarchy.isUnified ? unified : legacy).filter { $0.controller == controller }
            try apply(writes, in: directory(in: hierarchy))
        }
        return missing
    }

    private func apply(_ writes: [CgroupWrite], in directory: String) throws(SystemError) {
        var refused: [CgroupWrite] = []
        for write in writes {
            do throws(SystemError) {
                try File.put(write.value, into: "\(directory)/\(write.file)")
            } catch {
                // memory and memsw bound each other: which one goes first depends on the values before.
                if error.errno == .invalidArgument || error.errno == .busy {
                    refused.append(write)
                } else if !(write.isOptional && (error.errno == .noEntry || error.errno == .accessDenied)) {
                    throw error
                }
            }
        }
        for write in refused { try File.put(write.value, into: "\(directory)/\(write.file)") }
    }
}
