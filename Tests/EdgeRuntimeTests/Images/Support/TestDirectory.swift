import Glibc
import Synchronization

@testable import EdgeRuntime

/// A directory of one test, removed with it.
final class TestDirectory: Sendable {
    let path: String
    private static let counter = Mutex(0)

    init() {
        path = Self.path("dir")
        mkdir(path, 0o755)
    }

    deinit {
        try? DirectoryTree.remove(path)
    }

    static func path(_ kind: String) -> String {
        let number = counter.withLock { count in
            count += 1
            return count
        }
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(base)/edge-images-\(kind)-\(getpid())-\(number)"
    }

    func file(_ name: String, _ bytes: [UInt8]) -> String {
        let path = "\(path)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count <= 0 { break }
            written += count
        }
        return path
    }

    func make(_ name: String) -> String {
        mkdir("\(path)/\(name)", 0o755)
        return "\(path)/\(name)"
    }

    static func read(_ path: String) -> [UInt8] {
        (try? ImageFile.read(path)) ?? []
    }

    static func text(_ path: String) -> String {
        String(decoding: read(path), as: UTF8.self)
    }

    /// Type and permission bits; nil when there is nothing.
    static func mode(_ path: String) -> UInt32? {
        status(path)?.st_mode
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func names(_ path: String) -> [String] {
        ((try? DirectoryTree.names(in: path)) ?? []).sorted()
    }
}
