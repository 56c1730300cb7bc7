public import EdgeSystem

/// What a pod's containers share: the CRI's PodSandboxConfig.
public struct PodSandboxConfig: Sendable {
    public var name: String
    public var namespace: String
    public var uid: String
    /// Counts the sandboxes of one pod.
    public var attempt: UInt32 = 0
    public var hostname = ""
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]
    /// Where the logs of the containers lie: `/var/log/pods/<namespace>_<name>_<uid>`.
    public var logDirectory: String
    /// The pod's group relative to edge's root: `kubepods/burstable/pod<uid>`.
    public var cgroup: String
    public var resources = CgroupLimits()
    /// Namespaced ones only: `net.*`, `kernel.sem`, `kernel.shm*`, `kernel.msg*`, `fs.mqueue.*`.
    public var sysctls: [String: String] = [:]
    public var hostNetwork = false
    public var hostPID = false
    public var hostIPC = false
    /// One pid namespace for all containers (`shareProcessNamespace`).
    public var sharesProcessNamespace = false
    /// Bytes of the /dev/shm that the containers share.
    public var sharedMemorySize: UInt64 = 64 << 20

    public init(name: String, namespace: String, uid: String, logDirectory: String, cgroup: String) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.logDirectory = logDirectory
        self.cgroup = cgroup
    }
}
