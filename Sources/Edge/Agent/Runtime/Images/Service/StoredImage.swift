public import EdgeBase

/// An image on this node as CRI shows it.
public struct StoredImage: Sendable, Equatable {
    /// `sha256:` and the digest of the config.
    public let id: String
    /// `docker.io/library/nginx:1.25`.
    public let repoTags: [String]
    /// `docker.io/library/nginx@sha256:...`.
    public let repoDigests: [String]
    /// Bytes that its layers take on disk, shared ones included.
    public let size: Int64
    /// Bytes of its compressed layers; 0 when unknown.
    public let compressedSize: Int64
    /// Never removed by a collection.
    public let isPinned: Bool
    public let pulled: Timestamp
    public let lastUsed: Timestamp

    /// What a container's status shows as the image that it runs: a repo digest, else the id.
    public var imageRef: String { repoDigests.first ?? id }
}

/// What a container's overlay mount needs of an image.
public struct ImageRootFS: Sendable, Equatable {
    /// Overlayfs' `lowerdir` in its order, the uppermost first; never empty.
    public let lowerDirectories: [String]
    /// Mode, owner and group that the root directory must have: the upper directory is made with them.
    public let rootMode: UInt32
    public let rootUID: UInt32
    public let rootGID: UInt32
}

/// What the image store takes of its file system.
public struct ImageFileSystemUsage: Sendable, Equatable {
    /// The store's directory.
    public let path: String
    /// Bytes of all layers, as accounted when they were unpacked.
    public let usedBytes: Int64
    public let layerCount: Int
    public let capacityBytes: Int64
    public let availableBytes: Int64
    public let inodes: Int64
    public let inodesFree: Int64
}
