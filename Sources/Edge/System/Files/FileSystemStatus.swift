internal import Glibc

/// What `statvfs` says of the file system that a path lies on. Bytes, and numbers of files.
public struct FileSystemStatus: Sendable, Equatable {
    public let capacity: UInt64
    /// For users without privileges.
    public let available: UInt64
    public let files: UInt64
    public let freeFiles: UInt64
    public let isReadOnly: Bool

    public init(of path: String) throws(SystemError) {
        var status = statvfs()
        try checkErrno("examine file system of", path) { statvfs(path, &status) }
        let block = UInt64(status.f_frsize)
        capacity = UInt64(status.f_blocks) * block
        available = UInt64(status.f_bavail) * block
        files = UInt64(status.f_files)
        freeFiles = UInt64(status.f_ffree)
        isReadOnly = status.f_flag & 1 != 0  // ST_RDONLY
    }
}
