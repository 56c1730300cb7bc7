internal import CArchive
internal import EdgeSystem
internal import Glibc

/// Directories that a layer's archive mentions only as parents. In the merged view the uppermost directory's
/// owner and mode count, so such a directory must take those of the same directory in the layers below:
/// else `/tmp/file` in a layer would turn `/tmp` from 1777 into 755.
enum ImplicitDirectories {
    struct Attributes: Equatable {
        var mode: UInt32
        var uid: UInt32
        var gid: UInt32
        var modified: timespec
        var extended: [Extended]

        struct Extended: Equatable {
            var name: [CChar]
            var value: [UInt8]
        }

        /// Times differ always and mean nothing here.
        static func == (left: Self, right: Self) -> Bool {
            (left.mode, left.uid, left.gid) == (right.mode, right.uid, right.gid)
                && left.extended == right.extended
        }
    }

    /// What must be changed in the layer at `upper` to stand on the layers `below` (uppermost first).
    static func changes(
        _ paths: [LayerPath], in upper: String, below: [String]
    ) throws -> [(path: LayerPath, attributes: Attributes)] {
        guard !paths.isEmpty, !below.isEmpty else { return [] }
        var changes: [(path: LayerPath, attributes: Attributes)] = []
        for path in paths {
            guard let own = try find(path, in: upper), case .directory(let current, false) = own else {
                continue
            }
            guard let wanted = try attributes(of: path, below: below), wanted != current else { continue }
            changes.append((path, wanted))
        }
        return changes
    }

    static func apply(_ changes: [(path: LayerPath, attributes: Attributes)], to root: String) throws {
        // Deepest first: each change would be undone by a change below it, as far as times go.
        for (path, attributes) in changes.reversed() {
            let descriptor = try openDirectory(path, beneath: root)
            guard let descriptor else { continue }
            defer { close(descriptor) }
            var times = [attributes.modified, attributes.modified]
            guard fchown(descriptor, attributes.uid, attributes.gid) == 0,
                fchmod(descriptor, mode_t(attributes.mode)) == 0, futimens(descriptor, &times) == 0
            else { throw ImageFileError("chmod", path.description) }
            for extended in attributes.extended {
                let result = extended.value.withUnsafeBytes {
                    edge_archive_fsetxattr(descriptor, extended.name, $0.baseAddress, $0.count)
                }
                guard result == 0 else { throw ImageFileError("setxattr", path.description) }
            }
            guard fsync(descriptor) == 0 else { throw ImageFileError("fsync", path.description) }
        }
    }

    private enum Found {
        case directory(Attributes, isOpaque: Bool)
        /// The layer says nothing of the path.
        case nothing
        /// The layer hides whatever lies below.
        case hidden
    }

    /// The attributes that the merged view of the layers below shows; nil where it has no such directory.
    private static func attributes(of path: LayerPath, below: [String]) throws -> Attributes? {
        for layer in below {
            switch try find(path, in: layer) {
            case .directory(let attributes, _): return attributes
            case .hidden: return nil
            case .nothing, nil: continue
            }
        }
        return nil
    }

    private static func find(_ path: LayerPath, in root: String) throws -> Found? {
        var descriptor = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", root) }
        defer { close(descriptor) }
        var isOpaque = false
        for name in path.components {
            let next = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if next < 0 {
                switch errno {
                case ENOENT: return isOpaque ? .hidden : .nothing
                case ENOTDIR, ELOOP: return .hidden
                default: throw ImageFileError("open", path.description)
                }
            }
            close(descriptor)
            descriptor = next
            isOpaque = isOpaque || LayerTree.isOpaque(descriptor)
        }
        return .directory(try attributes(of: descriptor, path), isOpaque: LayerTree.isOpaque(descriptor))
    }

    private static func openDirectory(_ path: LayerPath, beneath root: String) throws -> Int32? {
        var descriptor = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", root) }
        for name in path.components {
            let next = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(descriptor)
            guard next >= 0 else { return nil }
            descriptor = next
        }
        return descriptor
    }

    private static func attributes(of descriptor: Int32, _ path: LayerPath) throws -> Attributes {
        let status = try FileStatus(of: descriptor)
        var extended: [Attributes.Extended] = []
        var names = [CChar](repeating: 0, count: 4096)
        let count = edge_archive_flistxattr(descriptor, &names, names.count)
        for name in names[..<max(count, 0)].split(separator: 0) {
            let text = String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix("trusted.overlay.") || text.hasPrefix("security.selinux") { continue }
            var value = [UInt8](repeating: 0, count: 65536)
            let size = edge_archive_fgetxattr(descriptor, Array(name) + [0], &value, value.count)
            guard size >= 0 else { continue }
            extended.append(.init(name: Array(name) + [0], value: Array(value[..<size])))
        }
        return Attributes(
            mode: status.mode, uid: status.owner, gid: status.group,
            modified: timespec(tv_sec: status.modified, tv_nsec: status.modifiedNanoseconds),
            extended: extended)
    }
}
