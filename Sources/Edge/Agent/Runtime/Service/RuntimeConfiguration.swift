public import EdgeSystem

/// Where a runtime keeps its things, and a few defaults.
public struct RuntimeConfiguration: Sendable {
    /// In memory: `/run/edge/runtime`.
    public var runDirectory: String
    /// On disk, for what containers write: `/var/lib/edge/agent/containers`.
    public var containerDirectory: String
    /// The group below which pods' groups lie: `edge`. Must exist or be creatable.
    public var cgroupRoot: Cgroup
    /// The binary that becomes the helper.
    public var helperProgram = "/proc/self/exe"
    /// Bytes after which a log is rotated, and how many files there are of it (kubelet's containerLogMaxSize and
    /// containerLogMaxFiles have 10 MiB and 5).
    public var logLimit: UInt64 = 10 << 20
    public var logFiles: UInt32 = 5

    public init(runDirectory: String, containerDirectory: String, cgroupRoot: Cgroup) {
        self.runDirectory = runDirectory
        self.containerDirectory = containerDirectory
        self.cgroupRoot = cgroupRoot
    }
}
