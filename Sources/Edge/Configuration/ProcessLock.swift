internal import EdgeTransport
internal import Glibc

/// Keeps a second edge from running on the same directories: a lock on the pid file, which the kernel lets go
/// of however the process ends.
struct ProcessLock {
    private let descriptor: Int32
    private let path: String

    static func take(_ path: String) throws -> ProcessLock {
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try SmallFile.makeDirectory("/" + directory, mode: 0o755)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure("open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let holder = try SmallFile.readTextIfPresent(path).map { $0.prefix { !$0.isNewline } } ?? "?"
            throw CommandFailure("edge runs already on these directories, as process \(holder)")
        }
        ftruncate(descriptor, 0)
        HostSetup.write(Array("\(getpid())\n".utf8), to: descriptor)
        return ProcessLock(descriptor: descriptor, path: path)
    }

    func release() {
        unlink(path)
        close(descriptor)
    }
}
