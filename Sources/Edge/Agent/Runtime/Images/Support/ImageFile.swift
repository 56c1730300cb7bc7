internal import CArchive
internal import EdgeSystem
internal import Glibc

/// A system call on the image store that failed.
struct ImageFileError: Error, CustomStringConvertible {
    let call: String
    let path: String
    let code: Int32

    init(_ call: String, _ path: String, code: Int32 = errno) {
        self.call = call
        self.path = path
        self.code = code
    }

    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    var description: String { "\(call) \(path): \(String(cString: strerror(code)))" }
}

/// Files of the store: whole small files, written so that a power loss leaves the old or the new content.
enum ImageFile {
    static func read(_ path: String, limit: Int = 64 << 20) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        return try readAll(descriptor, path, limit: limit)
    }

    private static func readAll(_ descriptor: Int32, _ path: String, limit: Int) throws -> [UInt8] {
        let size = Int(try FileStatus(of: descriptor).size)
        guard size <= limit else {
            throw ImageError(.limitExceeded, "\(path) has \(size) bytes, more than \(limit)")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ImageFileError("read", path) }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Replaces a file: temporary name, fsync, rename, fsync of the directory.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = path + ".tmp"
        try write(temporary, bytes)
        guard rename(temporary, path) == 0 else { throw ImageFileError("rename", path) }
        try syncDirectory(parent(of: path))
    }

    /// Writes a new file and brings it to the disk.
    static func write(_ path: String, _ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        do {
            try bytes.withUnsafeBytes { try writeAll(descriptor, $0, path: path) }
            guard fsync(descriptor) == 0 else { throw ImageFileError("fsync", path) }
        } catch {
            unlink(path)
            throw error
        }
    }

    static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ImageFileError("write", path) }
            written += count
        }
    }

    static func syncDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ImageFileError("fsync", path) }
    }

    /// Brings everything of the file system to the disk; a failed write-back is reported (Linux 5.8).
    static func syncFileSystem(_ descriptor: Int32, _ path: String) throws {
        guard edge_archive_syncfs(descriptor) == 0 else { throw ImageFileError("syncfs", path) }
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw ImageFileError("unlink", path) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func makeDirectory(_ path: String, mode: mode_t = 0o700) throws {
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw ImageFileError("mkdir", path) }
    }

    /// Makes a directory and those above it.
    static func makeDirectories(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, parent(of: path) != path else { throw ImageFileError("mkdir", path) }
        try makeDirectories(parent(of: path))
        try makeDirectory(path)
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
