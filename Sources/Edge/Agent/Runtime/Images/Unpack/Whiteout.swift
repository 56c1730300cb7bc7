internal import CArchive
internal import EdgeSystem
internal import Glibc

/// An entry that stands for the absence of something below (OCI image-spec `layer.md`).
enum Whiteout: Equatable {
    /// The name that is hidden.
    case file([CChar])
    /// Everything in this directory that lower layers have is hidden.
    case opaque
    /// Bookkeeping of AUFS, worth nothing here.
    case ignored

    private static let prefix = ".wh.".utf8.map(CChar.init(bitPattern:))
    private static let metadataPrefix = ".wh..wh.".utf8.map(CChar.init(bitPattern:))
    private static let opaqueName = ".wh..wh..opq".utf8.map(CChar.init(bitPattern:)) + [0]

    /// Nil for an entry that is no whiteout. `name` ends with a zero.
    init?(_ name: [CChar], path: LayerPath) throws {
        guard name.starts(with: Self.prefix) else { return nil }
        if name == Self.opaqueName {
            self = .opaque
        } else if name.starts(with: Self.metadataPrefix) {
            self = .ignored
        } else {
            let hidden = Array(name.dropFirst(Self.prefix.count))
            guard hidden != [0], hidden != [0x2e, 0], hidden != [0x2e, 0x2e, 0] else {
                throw LayerTree.failure(path, "whiteout of an impossible name")
            }
            self = .file(hidden)
        }
    }
}

extension LayerUnpacker {
    /// A whiteout hides what lower layers have, never what the same layer has, in whatever order they come.
    func apply(_ whiteout: Whiteout, in directory: Int32, _ parent: LayerPath) throws {
        switch whiteout {
        case .ignored: return
        case .opaque:
            if parent.isRoot { summary.isOpaque = true }
            try tree.makeOpaque(nil, in: directory, parent)
        case .file(let name):
            if edge_archive_mknodat(directory, name, S_IFCHR, 0, 0) == 0 {
                summary.entries += 1
                return
            }
            let path = parent.appending(name)
            guard errno == EEXIST else { throw ImageFileError("mknod", path.description) }
            let status = try FileStatus(of: name, in: directory)
            // A directory of this layer stays, but shows nothing of a lower one.
            if status.kind == .directory { try tree.makeOpaque(name, in: directory, path) }
        }
    }
}
