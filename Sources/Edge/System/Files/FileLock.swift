internal import Glibc

/// A lock between processes that ends with its holder, however that ends.
public final class FileLock: Sendable {
    private let file: SharedDescriptor

    /// - Throws: EAGAIN while somebody else holds the lock.
    public init(_ path: String) throws(SystemError) {
        file = SharedDescriptor(try File.open(path, [.readWrite, .create], mode: 0o600))
        let descriptor = file.rawValue
        try checkErrno("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
    }
}
