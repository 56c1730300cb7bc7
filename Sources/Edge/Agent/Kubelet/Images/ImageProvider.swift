public import EdgeRuntime

/// What the kubelet asks of the image service.
public protocol ImageProvider: Sendable {
    /// By reference or id; nil when the image is not here.
    func image(_ reference: String) -> ImageSummary?
    /// Fetches an image. `dockerConfigs` are contents of pull secrets (`.dockerconfigjson`, `.dockercfg`).
    func pull(_ reference: String, dockerConfigs: [[UInt8]]) async throws -> ImageSummary
    /// What a container made of the image needs. The holder keeps the image from removal until `release`.
    func prepare(_ reference: String, holder: String) async throws -> ImageForContainer
    /// Keeps an image that a container already uses; one that is not here is left alone.
    func hold(_ reference: String, holder: String)
    func release(_ holder: String)
    func summaries() -> [ImageSummary]
    /// Of the file system that images and writable layers lie on.
    func storageUsage() async throws -> FileSystemUsage
}

/// An image as statuses and events show it.
public struct ImageSummary: Sendable, Equatable {
    /// `sha256:...`.
    public var id: String
    /// What `imageID` in a container's status says: a repo digest, else the id.
    public var reference: String
    public var names: [String]
    /// Bytes.
    public var size: Int64

    public init(id: String, reference: String, names: [String], size: Int64) {
        self.id = id
        self.reference = reference
        self.names = names
        self.size = size
    }
}

/// An image's file system and the defaults of its configuration.
public struct ImageForContainer: Sendable, Equatable {
    public var root: RootFileSystem
    public var entrypoint: [String] = []
    public var command: [String] = []
    /// `NAME=value`.
    public var environment: [String] = []
    public var workingDirectory = ""
    /// `user`, `uid`, `user:group` or `uid:gid`; "" is root.
    public var user = ""
    /// `SIGTERM`, `15`; "" is SIGTERM.
    public var stopSignal = ""

    public init(root: RootFileSystem) {
        self.root = root
    }
}

/// Bytes and inodes of a file system.
public struct FileSystemUsage: Sendable, Equatable {
    public var capacity: Int64
    public var available: Int64
    /// Bytes that images take.
    public var used: Int64
    public var inodes: Int64
    public var inodesFree: Int64

    public init(capacity: Int64, available: Int64, used: Int64 = 0, inodes: Int64 = 0, inodesFree: Int64 = 0)
    {
        self.capacity = capacity
        self.available = available
        self.used = used
        self.inodes = inodes
        self.inodesFree = inodesFree
    }
}
