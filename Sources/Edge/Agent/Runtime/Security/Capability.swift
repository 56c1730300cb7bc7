/// Capabilities by number (capabilities(7)); a set is a bit mask.
public struct CapabilitySet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    static let names = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK",
        "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
        "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
        "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND",
        "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]

    public static let all = CapabilitySet(rawValue: (1 << UInt64(names.count)) - 1)

    /// What an unprivileged container has (containerd's 14).
    public static let containerDefault = CapabilitySet(
        known: "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
        "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE")

    private init(known: String...) {
        rawValue = known.reduce(0) { bits, name in
            Self.names.firstIndex(of: name).map { bits | 1 << UInt64($0) } ?? bits
        }
    }

    /// By name, with or without `CAP_`, in any case; nil for an unknown one.
    public init?(name: String) {
        let upper = name.uppercased()
        let bare = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        guard let index = Self.names.firstIndex(of: bare) else { return nil }
        rawValue = 1 << UInt64(index)
    }

    /// Applies a container's lists to the default set, as containerd does: `ALL` first, then single names, of
    /// which a dropped one loses against the same one added.
    public static func resolve(added: [String], dropped: [String]) throws(RuntimeError) -> CapabilitySet {
        var set = containerDefault
        let isAll = { (name: String) in name.uppercased() == "ALL" }
        if added.contains(where: isAll) { set = .all }
        if dropped.contains(where: isAll) { set = [] }
        for name in added where !isAll(name) { set.formUnion(try find(name)) }
        for name in dropped where !isAll(name) { set.subtract(try find(name)) }
        return set
    }

    private static func find(_ name: String) throws(RuntimeError) -> CapabilitySet {
        guard let capability = CapabilitySet(name: name) else {
            throw RuntimeError(.invalidArgument, "unknown capability \"\(name)\"")
        }
        return capability
    }

    static func named(_ names: [String]) throws(RuntimeError) -> CapabilitySet {
        var set: CapabilitySet = []
        for name in names { set.formUnion(name.uppercased() == "ALL" ? .all : try find(name)) }
        return set
    }
}
