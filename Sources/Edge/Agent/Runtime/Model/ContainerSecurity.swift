/// What a container may do: the CRI's LinuxContainerSecurityContext.
public struct ContainerSecurity: Sendable, Equatable {
    public enum Seccomp: Sendable, Equatable {
        case runtimeDefault
        case unconfined
    }

    /// All capabilities and devices, nothing masked, no seccomp filter.
    public var isPrivileged = false
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    /// Kept by programs of users other than root (capabilities(7), ambient set).
    public var ambientCapabilities: [String] = []
    public var seccomp = Seccomp.runtimeDefault
    public var noNewPrivileges = false
    public var maskedPaths = ContainerSecurity.defaultMaskedPaths
    public var readOnlyPaths = ContainerSecurity.defaultReadOnlyPaths

    public init() {}

    /// Kubernetes' default proc mount: files of the host's kernel that tell or change too much.
    public static let defaultMaskedPaths = [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/proc/interrupts", "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ]
    public static let defaultReadOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
}
