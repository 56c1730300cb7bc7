/// Writes what comes out of a container to the host, never outside of the target: entries that lead
/// elsewhere, links and devices are left out with a warning.
actor TarExtractor {
    private let prefix: String
    private let target: String
    private let warn: @Sendable (String) -> Void
    private var reader = TarReader()
    private var current: (path: String, mode: UInt32)?
    private var descriptor: Int32 = -1
    private var count = 0

    /// `source` is the path that was asked for; its last part is replaced by `target`.
    init(source: String, target: String, warn: @escaping @Sendable (String) -> Void) {
        prefix = Self.cleaned(source)
        let isDirectory = HostFiles.isDirectory(target)
        // Into a directory that is there: under the source's own name.
        self.target = isDirectory ? "\(target)/\(CopyCommand.split(source).name)" : target
        self.warn = warn
    }

    /// The path without leading slashes, `.` and `..`, as tar writes names.
    private static func cleaned(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    func take(_ bytes: [UInt8]) throws {
        for event in try reader.read(bytes) {
            switch event {
            case .entry(let entry): try begin(entry)
            case .content(let bytes):
                if descriptor >= 0, let current { try HostFiles.write(descriptor, bytes, current.path) }
            case .endOfEntry: end()
            }
        }
    }

    func finish() throws {
        end()
        if count == 0 { throw KubectlError("\(prefix): no such file or directory") }
    }

    private func begin(_ entry: TarArchive.Entry) throws {
        end()
        guard let path = place(entry.path) else {
            return warn("skipping file \(goQuoted(entry.path)): it does not lie below the source")
        }
        count += 1
        switch entry.kind {
        case .directory: try HostFiles.makeDirectories(path)
        case .other:
            warn("skipping symlink or special file: \(goQuoted(entry.path))")
        case .file:
            try HostFiles.makeDirectories(CopyCommand.split(path).directory)
            descriptor = try HostFiles.create(path, mode: entry.mode)
            current = (path, entry.mode)
        }
    }

    private func end() {
        if descriptor >= 0 { HostFiles.close(descriptor) }
        descriptor = -1
        current = nil
    }

    /// Where an entry goes; nil when it would lie outside.
    private func place(_ name: String) -> String? {
        let parts = name.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { return nil }
        let path = parts.joined(separator: "/")
        if path == prefix || prefix.isEmpty { return prefix.isEmpty ? "\(target)/\(path)" : target }
        guard path.hasPrefix(prefix + "/") else { return nil }
        return target + String(path.dropFirst(prefix.count))
    }
}
