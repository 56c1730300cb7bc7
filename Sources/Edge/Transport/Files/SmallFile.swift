#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Why a file could not be read or written.
public struct FileError: Error, Equatable, CustomStringConvertible {
    public let operation: String
    public let path: String
    public let cause: String
    /// The file, or a directory on the way to it, does not exist.
    public let isMissing: Bool

    init(_ operation: String, _ path: String, errno code: Int32) {
        self.operation = operation
        self.path = path
        cause = String(cString: strerror(code))
        isMissing = code == ENOENT
    }

    init(_ operation: String, _ path: String, _ cause: String) {
        self.operation = operation
        self.path = path
        self.cause = cause
        isMissing = false
    }

    public var description: String { "\(operation) \(path): \(cause)" }
}

/// Reads and writes the small files of this module: keys, certificates, tokens, kubeconfigs. The calls block
/// for as long as the disk takes.
public enum SmallFile {
    /// The most bytes that `read` returns.
    public static let maximumSize = 4 * 1024 * 1024

    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("read", path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = readBytes(descriptor, &chunk)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw FileError("read", path, errno: code)
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maximumSize else {
                throw FileError("read", path, "file is larger than \(maximumSize) bytes")
            }
        }
    }

    public static func readText(_ path: String) throws(FileError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// The text of a file, or nil when there is none.
    public static func readTextIfPresent(_ path: String) throws(FileError) -> String? {
        do throws(FileError) {
            return try readText(path)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Replaces a file in one step: whoever reads it sees the old bytes or the new ones, also after a loss of
    /// power.
    ///
    /// - Parameter mode: the permission bits, whatever the umask.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(FileError) {
        let temporary = "\(path).\(SecureRandom.hex(bytes: 6)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileError("write", path, errno: errno) }
        do throws(FileError) {
            defer { close(descriptor) }
            try writeAll(bytes, descriptor, path)
            guard fchmod(descriptor, mode_t(mode)) == 0 else { throw FileError("write", path, errno: errno) }
            guard fsync(descriptor) == 0 else { throw FileError("write", path, errno: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError("write", path, errno: code)
        }
        try syncDirectory(of: path)
    }

    public static func write(_ text: String, to path: String, mode: UInt32) throws(FileError) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Makes a directory and those above it that are missing.
    public static func makeDirectory(_ path: String, mode: UInt32) throws(FileError) {
        guard mkdir(path, mode_t(mode)) != 0 else { return }
        let code = errno
        if code == EEXIST { return }
        let parent = directory(of: path)
        guard code == ENOENT, parent != path else { throw FileError("make directory", path, errno: code) }
        try makeDirectory(parent, mode: mode)
        guard mkdir(path, mode_t(mode)) == 0 || errno == EEXIST else {
            throw FileError("make directory", path, errno: errno)
        }
    }

    public static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(1 << 20))
            let count = writeBytes(descriptor, part)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw FileError("write", path, errno: code)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func syncDirectory(of path: String) throws(FileError) {
        let descriptor = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("sync directory of", path, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("sync directory of", path, errno: errno) }
    }
}

// At file level, where the names of the system's calls are not hidden by our own.

private func readBytes(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
    read(descriptor, &chunk, chunk.count)
}

private func writeBytes(_ descriptor: Int32, _ bytes: [UInt8]) -> Int {
    write(descriptor, bytes, bytes.count)
}
