internal import EdgeBase

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The few operations on whole files that the store needs. All of them block.
enum StoreFiles {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes the folder of a file, with those above it, for root only.
    static func makeFolder(of path: String) throws(StorageError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        guard !exists(folder) else { return }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("create folder \(folder)") }
    }

    /// Makes an empty file that only its owner reads, unless it exists: objects include Secrets, and SQLite
    /// gives its log the permissions of the file.
    static func createPrivate(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create \(path)") }
        close(descriptor)
    }

    /// Renames over whatever has the new name, durably.
    static func move(_ path: String, to target: String) throws(StorageError) {
        guard rename(path, target) == 0 else { throw failure("rename \(path) to \(target)") }
        syncFolder(of: target)
    }

    /// Renames a damaged database to `<path>.corrupt-<time>`, then its log: the other way round, a crash would
    /// leave a file that looks sound and lacks its last writes. Returns the new name.
    static func moveDatabaseAside(_ path: String, at time: Timestamp) throws(StorageError) -> String {
        let target = "\(path).corrupt-\(time.rfc3339.filter { $0 != ":" && $0 != "-" })"
        for suffix in ["", "-wal"] where exists(path + suffix) {
            try move(path + suffix, to: target + suffix)
        }
        return target
    }

    /// Deletes a file if it is there.
    static func remove(_ path: String) { unlink(path) }

    /// Writes what the kernel still holds of a file.
    static func sync(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync \(path)") }
    }

    /// Copies a file, and syncs the copy.
    static func copy(_ path: String, to target: String) throws(StorageError) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("open \(path)") }
        defer { close(source) }
        let copy = open(target, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw failure("create \(target)") }
        defer { close(copy) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw failure("read \(path)") }
            if count == 0 { break }
            guard write(copy, buffer.baseAddress, count) == count else { throw failure("write \(target)") }
        }
        guard fsync(copy) == 0 else { throw failure("sync \(target)") }
    }

    /// Size in bytes and time of the last change; nil without such a file.
    static func attributes(_ path: String) -> (size: Int, changed: Timestamp)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let time = status.st_mtim
        return (
            Int(status.st_size),
            Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        )
    }

    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ operation: String) -> StorageError {
        let code = errno
        return .unavailable(operation: operation, cause: String(cString: strerror(code)))
    }
}
