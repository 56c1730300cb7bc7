internal import CArchive
internal import EdgeSystem
internal import Glibc

/// The directory that a layer is unpacked into. Each path is walked component by component with O_NOFOLLOW
/// from the root's descriptor, so that whatever the archive made before, nothing outside is reached. Symbolic
/// links to places inside are followed by their text; absolute ones and those that climb out are refused.
///
/// Descriptors along the current path stay open, since archives go directory by directory.
final class LayerTree {
    let root: Int32
    private var walked: [(name: [CChar], descriptor: Int32)] = []
    /// Directories that the archive has no entry for (yet).
    private(set) var implicitDirectories: Set<LayerPath> = []

    init(_ path: String) throws {
        root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard root >= 0 else { throw ImageFileError("open", path) }
    }

    deinit {
        forgetWalk(keeping: 0)
        close(root)
    }

    /// The descriptor of the directory at `path`, made when missing; valid until the next call.
    func directory(_ path: LayerPath) throws -> (descriptor: Int32, path: LayerPath) {
        var done = LayerPath(components: [])
        var remaining = path.components[...]
        var links = 0
        while let name = remaining.first {
            if name == Self.dotDot {
                // Only from the text of a link: up, but not above the root.
                guard !done.isRoot else { throw Self.leadsOut(path) }
                done = done.parent
                remaining.removeFirst()
                continue
            }
            let depth = done.components.count
            if depth < walked.count, walked[depth].name == name {
                done = done.appending(name)
                remaining.removeFirst()
                continue
            }
            forgetWalk(keeping: depth)
            if let target = try step(into: name, at: done, on: path) {
                links += 1
                guard links <= 40 else { throw Self.failure(path, "too many symbolic links") }
                remaining = (target + remaining.dropFirst())[...]
            } else {
                done = done.appending(name)
                remaining.removeFirst()
            }
            guard done.components.count + remaining.count <= LayerPath.maximumDepth else {
                throw Self.failure(path, "path is too deep")
            }
        }
        forgetWalk(keeping: done.components.count)
        return (walked.last?.descriptor ?? root, done)
    }

    private static let dotDot: [CChar] = [0x2e, 0x2e, 0]

    /// Opens one directory and puts it on the walk; for a symbolic link its target's components instead.
    private func step(
        into name: [CChar], at parent: LayerPath, on path: LayerPath
    ) throws -> [[CChar]]? {
        let directory = walked.last?.descriptor ?? root
        let descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
            walked.append((name, descriptor))
            return nil
        }
        switch errno {
        case ENOENT:
            try makeImplicit(name, in: directory, at: parent, isOpaque: false)
        case ENOTDIR, ELOOP:
            let status = try FileStatus(of: name, in: directory)
            if status.kind == .symbolicLink {
                return try linkTarget(name, in: directory, on: path)
            }
            guard Self.isWhiteout(status) else {
                throw Self.failure(path, "\"\(parent.appending(name))\" is not a directory")
            }
            // Removed below and made anew here: the new directory shows nothing of the old.
            guard unlinkat(directory, name, 0) == 0 else { throw ImageFileError("unlink", path.description) }
            try makeImplicit(name, in: directory, at: parent, isOpaque: true)
        default:
            throw ImageFileError("open", path.description)
        }
        return try step(into: name, at: parent, on: path)
    }

    private func makeImplicit(
        _ name: [CChar], in directory: Int32, at parent: LayerPath, isOpaque: Bool
    ) throws {
        let path = parent.appending(name)
        guard mkdirat(directory, name, 0o755) == 0 else { throw ImageFileError("mkdir", path.description) }
        guard fchmodat(directory, name, 0o755, 0) == 0 else {
            throw ImageFileError("chmod", path.description)
        }
        implicitDirectories.insert(path)
        if isOpaque { try makeOpaque(name, in: directory, path) }
    }

    private func linkTarget(_ name: [CChar], in directory: Int32, on path: LayerPath) throws -> [[CChar]] {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlinkat(directory, name, &buffer, buffer.count)
        guard count > 0 else { throw ImageFileError("readlink", path.description) }
        guard count < buffer.count, buffer[0] != CChar(UInt8(ascii: "/")) else { throw Self.leadsOut(path) }
        return buffer[..<count].split(separator: CChar(UInt8(ascii: "/"))).compactMap {
            $0 == [0x2e] ? nil : Array($0) + [0]
        }
    }

    private static func leadsOut(_ path: LayerPath) -> ImageError {
        failure(path, "a symbolic link on the way leads out of the layer's root")
    }

    static func failure(_ path: LayerPath, _ cause: String) -> ImageError {
        ImageError(.invalidContent, "entry \"\(path)\" of the layer: \(cause)")
    }

    /// After something that may lie on the walk was removed.
    func forgetWalk(keeping depth: Int = 0) {
        while walked.count > depth {
            close(walked.removeLast().descriptor)
        }
    }

    /// The archive has an entry for this directory after all.
    func markExplicit(_ path: LayerPath) {
        implicitDirectories.remove(path)
    }

    func forgetImplicit(beneath path: LayerPath) {
        guard !implicitDirectories.isEmpty else { return }
        implicitDirectories = implicitDirectories.filter { !$0.starts(with: path) }
    }

    /// Overlayfs shows nothing of the lower directories through this one (kernel, overlayfs.rst).
    func makeOpaque(_ name: [CChar]?, in directory: Int32, _ path: LayerPath) throws {
        let descriptor = openat(
            directory, name ?? [0x2e, 0], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path.description) }
        defer { close(descriptor) }
        guard edge_archive_fsetxattr(descriptor, Self.opaqueAttribute, "y", 1) == 0 else {
            throw ImageFileError("setxattr \(Self.opaqueAttribute)", path.description)
        }
    }

    static let opaqueAttribute = "trusted.overlay.opaque"

    static func isOpaque(_ descriptor: Int32) -> Bool {
        var value: UInt8 = 0
        return edge_archive_fgetxattr(descriptor, opaqueAttribute, &value, 1) == 1
            && value == UInt8(ascii: "y")
    }

    static func isWhiteout(_ status: FileStatus) -> Bool {
        status.kind == .characterDevice && status.deviceMajor == 0 && status.deviceMinor == 0
    }
}
