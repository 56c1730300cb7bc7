public import EdgeSystem

/// What a host is like, as far as edge depends on it. Plain values, so that judging them needs no host.
public struct HostFacts: Sendable {
    /// Something listens where edge wants to.
    public struct Port: Sendable, Equatable {
        public var number: UInt16
        public var isUDP: Bool
        public var isTaken: Bool
        /// Without this port edge does not run.
        public var isEssential: Bool

        public init(_ number: UInt16, isUDP: Bool = false, isTaken: Bool, isEssential: Bool) {
            self.number = number
            self.isUDP = isUDP
            self.isTaken = isTaken
            self.isEssential = isEssential
        }
    }

    public var isRoot = true
    public var kernelRelease = ""
    public var pageSize = 4096
    public var missingNamespaces: [String] = []
    public var hasSeccomp = true
    public var cgroups: CgroupLayout?
    /// The file with the kernel's command line where the boot loader reads it from (Raspberry Pi OS).
    public var bootArguments: (path: String, text: String)?
    public var hostName = ""
    public var hasAddress = true
    public var totalMemory: UInt64 = 0
    /// Of the file system that the data will lie on.
    public var dataPath = ""
    public var dataType = ""
    public var availableDisk: UInt64 = 0
    public var freeFiles: UInt64 = 1
    public var isDataReadOnly = false
    /// Seconds since 1970.
    public var now: Int64 = 0
    /// When this binary was written, as its file says.
    public var binaryTime: Int64 = 0
    public var ports: [Port] = []
    /// edge runs already, so that its ports are taken by itself.
    public var isRunning = false
    /// What did not work when it was tried, by name; empty text for what worked.
    public var probes: [(name: String, failure: String)] = []
    /// Chains of others that drop forwarded packets by their policy, for the user to read.
    public var droppingChains: [String] = []
    public var hasFirewalld = false

    public init() {}
}
