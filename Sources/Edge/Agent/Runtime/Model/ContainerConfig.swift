public import EdgeSystem

/// What one container is: the CRI's ContainerConfig, with the image already looked up.
public struct ContainerConfig: Sendable {
    public var name: String
    /// Counts the containers of one name in the pod.
    public var attempt: UInt32 = 0
    /// As the pod names the image, and the identifier it was resolved to.
    public var image = ""
    public var imageID = ""
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]

    public var root: RootFileSystem
    public var isRootReadOnly = false
    /// The program and its arguments, entrypoint included.
    public var arguments: [String]
    /// `NAME=value`, the image's first, so that later ones win.
    public var environment: [String] = []
    /// "" is `/`.
    public var workingDirectory = ""
    public var user = UserSelection()

    public var mounts: [VolumeMount] = []
    public var devices: [HostDevice] = []
    /// Relative to the pod's log directory: `web/0.log`. "" keeps no log.
    public var logPath = ""
    public var hasInput = false
    /// The first attachment's end is the end of the input.
    public var closesInputAfterAttach = false
    public var hasTerminal = false
    /// A running container of the same pod whose processes this one sees; it ends with that one. Without
    /// meaning where the pod shares one process namespace anyway.
    public var joinedContainer: String?

    public var security = ContainerSecurity()
    public var resources = CgroupLimits()
    /// -1000 to 1000, kernel: proc_pid_oom_score_adj(5).
    public var oomScoreAdjustment = 0
    public var resourceLimits: [ResourceLimit] = []
    /// The signal that asks the container to end; nil is SIGTERM.
    public var stopSignal: Int32?

    public init(name: String, root: RootFileSystem, arguments: [String]) {
        self.name = name
        self.root = root
        self.arguments = arguments
    }
}

/// Where a container's files come from.
public enum RootFileSystem: Sendable, Equatable {
    /// Unpacked layers, the base first, under a writable one of the container's own.
    case layers([String])
    /// A directory that the container works on directly.
    case directory(String)
}

/// Who a container runs as. Numbers come from the pod, the text from the image's configuration.
public struct UserSelection: Sendable, Equatable {
    public enum SupplementalGroupsPolicy: Sendable, Equatable {
        /// Groups that the image's /etc/group gives the user are added.
        case merge
        /// Only the listed ones count.
        case strict
    }

    /// `user`, `uid`, `user:group`, `uid:gid` as in an image; "" is root.
    public var name = ""
    /// `runAsUser`; overrides the name.
    public var uid: UInt32?
    /// `runAsGroup`; overrides the user's primary group.
    public var gid: UInt32?
    /// `supplementalGroups` and `fsGroup`.
    public var supplementalGroups: [UInt32] = []
    public var policy = SupplementalGroupsPolicy.merge

    public init() {}
}

/// Something of the host that appears in a container.
public struct VolumeMount: Sendable, Equatable {
    public enum Propagation: Sendable, Equatable {
        /// `None`: later mounts stay on their side.
        case `private`
        /// `HostToContainer`.
        case slave
        /// `Bidirectional`; for privileged containers.
        case shared
    }

    public enum Source: Sendable, Equatable {
        /// A path on the host. `subPath` is resolved below it, and never leaves it whatever links it holds.
        case host(path: String, subPath: String)
        /// A file system in memory: bytes, or nil for the kernel's default of half the memory.
        case memory(size: UInt64?)
    }

    public var source: Source
    /// Absolute, in the container.
    public var target: String
    public var isReadOnly = false
    /// Whether what is mounted below is read-only as well; an error before Linux 5.12.
    public var isRecursivelyReadOnly = false
    public var propagation = Propagation.private
    /// A missing source is made as a directory.
    public var createsSource = false
    public var forbidsExecution = false
    public var forbidsDevices = false
    public var forbidsSetUID = false

    public init(source: Source, target: String) {
        self.source = source
        self.target = target
    }

    public init(host path: String, target: String, isReadOnly: Bool = false) {
        source = .host(path: path, subPath: "")
        self.target = target
        self.isReadOnly = isReadOnly
    }
}

/// A device node of the host made available.
public struct HostDevice: Sendable, Equatable {
    public var hostPath: String
    public var containerPath: String
    public var access: DeviceRule.Access

    public init(hostPath: String, containerPath: String, access: DeviceRule.Access = .all) {
        self.hostPath = hostPath
        self.containerPath = containerPath
        self.access = access
    }
}

/// setrlimit(2).
public struct ResourceLimit: Sendable, Equatable {
    /// RLIMIT_NOFILE is 7, RLIMIT_CORE is 4.
    public var resource: UInt32
    public var soft: UInt64
    public var hard: UInt64

    public init(resource: UInt32, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    /// By the name that ulimit and OCI use: `nofile`, `RLIMIT_NOFILE`.
    public init?(name: String, soft: UInt64, hard: UInt64) {
        let names = [
            "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks",
            "sigpending", "msgqueue", "nice", "rtprio", "rttime",
        ]
        let short = name.lowercased()
        let bare = short.hasPrefix("rlimit_") ? String(short.dropFirst(7)) : short
        guard let index = names.firstIndex(of: bare) else { return nil }
        self.init(resource: UInt32(index), soft: soft, hard: hard)
    }
}
