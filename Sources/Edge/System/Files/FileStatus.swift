internal import Glibc

/// What `lstat` says of a path: a link is itself, not what it points to.
public struct FileStatus: Sendable, Equatable {
    public enum Kind: Sendable {
        case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket, unknown
    }

    public let kind: Kind
    /// Permission bits, including set-id and sticky.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    public let size: Int64
    public let inode: UInt64
    /// Seconds since 1970 of the last change of the contents.
    public let modified: Int
    public let modifiedNanoseconds: Int
    public let device: UInt64
    /// Of a device node.
    public let deviceMajor: UInt32
    public let deviceMinor: UInt32

    public init(of path: String, followLinks: Bool = false) throws(SystemError) {
        var status = stat()
        try checkErrno("stat", path) { followLinks ? stat(path, &status) : lstat(path, &status) }
        self.init(status)
    }

    public init(of descriptor: Int32) throws(SystemError) {
        var status = stat()
        try checkErrno("stat", "descriptor") { fstat(descriptor, &status) }
        self.init(status)
    }

    /// Of an entry of an open directory, whose name ends with a zero.
    public init(of name: [CChar], in directory: Int32) throws(SystemError) {
        var status = stat()
        try checkErrno("stat", "directory entry") { fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .unknown
            }
        mode = UInt32(status.st_mode) & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        modified = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
        device = UInt64(status.st_dev)
        // glibc's layout of dev_t, whose macros Swift does not import.
        let number = UInt64(status.st_rdev)
        deviceMajor = UInt32(truncatingIfNeeded: (number >> 8 & 0xfff) | (number >> 32 & ~0xfff))
        deviceMinor = UInt32(truncatingIfNeeded: (number & 0xff) | (number >> 12 & ~0xff))
    }
}
