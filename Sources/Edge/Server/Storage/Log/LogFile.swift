internal import EdgeBase

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The file behind a `RotatingLog`. Stays on the thread that writes.
struct LogFile: Sendable {
    private let descriptor: Int32
    private(set) var size: Int

    init(path: String) throws(StorageError) {
        if path == "-" {
            descriptor = STDOUT_FILENO
            size = 0
            return
        }
        try StoreFiles.makeFolder(of: path)
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(operation: "open log \(path)", cause: String(cString: strerror(errno)))
        }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    mutating func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // A full disk: what cannot be written is lost, the server goes on.
                return
            }
            rest = rest.dropFirst(count)
            size += count
        }
    }

    func close() {
        if descriptor != STDOUT_FILENO { Glibc.close(descriptor) }
    }

    /// `audit-2026-11-21T10-20-30.000.log` for `audit.log`.
    static func backupName(of path: String, at time: Timestamp) -> String {
        let (stem, suffix) = parts(path)
        let text = time.rfc3339Micro.replacing(":", with: "-")
        return "\(stem)-\(text.prefix(23))\(suffix)"
    }

    private static func parts(_ path: String) -> (stem: Substring, suffix: Substring) {
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let point = path[name...].lastIndex(of: ".") else { return (path[...], "") }
        return (path[..<point], path[point...])
    }

    /// Deletes renamed files that are too many or too old.
    static func prune(_ path: String, _ limits: RotatingLog.Limits, now: Timestamp) {
        let (stem, suffix) = parts(path)
        var names = backups(stem, suffix)
        if limits.days > 0 {
            let oldest = backupName(of: path, at: now - .seconds(86_400 * limits.days))
            for name in names where name < oldest { unlink(name) }
            names.removeAll { $0 < oldest }
        }
        if limits.backups > 0, names.count > limits.backups {
            for name in names.prefix(names.count - limits.backups) { unlink(name) }
        }
    }

    /// The renamed files, the oldest first: their names sort by time.
    private static func backups(_ stem: Substring, _ suffix: Substring) -> [String] {
        let slash = stem.lastIndex(of: "/")
        let folder = slash.map { String(stem[..<$0]) } ?? "."
        let prefix = (slash.map { stem[stem.index(after: $0)...] } ?? stem) + "-"
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix), name.hasSuffix(suffix), name.count == prefix.count + 23 + suffix.count
            {
                names.append("\(folder)/\(name)")
            }
        }
        return names.sorted()
    }
}
