internal import Synchronization

/// A tar stream of a file or directory, made piece by piece as it is read.
final class TarWriter: KubectlInput {
    private struct Pending {
        let path: String
        let name: String
    }

    private let pending: Mutex<[Pending]?>

    /// `name` is what the file or directory is called in the archive.
    init(root: String, name: String) {
        pending = Mutex([Pending(path: root, name: name)])
    }

    func read() async throws -> [UInt8]? {
        while true {
            let next = pending.withLock { pending -> Pending?? in
                guard pending != nil else { return nil }
                return .some(pending?.popLast())
            }
            guard let next else { return nil }
            guard let next else {
                pending.withLock { $0 = nil }
                return TarArchive.end
            }
            if HostFiles.isDirectory(next.path) {
                let names = try HostFiles.names(next.path)
                pending.withLock { pending in
                    for name in names.reversed() {
                        pending?.append(Pending(path: "\(next.path)/\(name)", name: "\(next.name)/\(name)"))
                    }
                }
                return TarArchive.header(
                    .init(
                        path: next.name, kind: .directory, mode: HostFiles.mode(next.path) ?? 0o755, size: 0))
            }
            let bytes = try HostFiles.read(next.path)
            let mode = HostFiles.mode(next.path) ?? 0o644
            return TarArchive.header(
                .init(path: next.name, kind: .file, mode: mode, size: bytes.count))
                + TarArchive.padded(bytes)
        }
    }
}
