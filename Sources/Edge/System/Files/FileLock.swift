internal import Glibc

/// A lock between processes that ends with its holder, however that ends.
public final class FileLock: Sendable {
    private let file: SharedDescriptor

    /// Takes the lock. A process that the holder was about to start has the descriptor too, from its clone until
    /// its exec: a lock that was just given up comes free within moments, for which this waits. Blocks.
    /// - Throws: EAGAIN while somebody else holds the lock for longer than `patience` hundredths of a second.
    public init(_ path: String, patience: Int = 50) throws(SystemError) {
        file = SharedDescriptor(try File.open(path, [.readWrite, .create], mode: 0o600))
        let descriptor = file.rawValue
        for _ in 0..<patience {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(10_000)
        }
        try checkErrno("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
    }
}
