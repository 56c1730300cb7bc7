internal import CArchive
internal import Glibc

/// Unpacks one layer into an empty directory in the form of an overlayfs lower directory: whiteouts become
/// character devices 0/0 or opaque directories (OCI image-spec `layer.md`; kernel, overlayfs.rst). Blocks.
///
/// Nothing is visible to others until the caller moves the directory to its place; on an error the caller
/// removes it.
final class LayerUnpacker {
    let tree: LayerTree
    private let path: String
    private let limits: ImageLimits
    var summary: LayerSummary
    private var bytes: Int64 = 0
    private var bytesUntilSpaceCheck: Int64 = 0
    /// Directories get their times last: what is made in them changes them.
    private var directoryTimes: [(path: LayerPath, time: timespec)] = []

    private init(_ path: String, diffID: ImageDigest, limits: ImageLimits) throws {
        tree = try LayerTree(path)
        self.path = path
        self.limits = limits
        summary = LayerSummary(diffID: diffID)
        guard fchmod(tree.root, 0o755) == 0, fchown(tree.root, 0, 0) == 0 else {
            throw ImageFileError("chmod", path)
        }
    }

    /// Reads `source` to its end (compressed or not), verifies the diff id, and brings all to the disk.
    static func unpack(
        _ source: any BlockSource, into path: String, diffID: ImageDigest, limits: ImageLimits
    ) throws -> LayerSummary {
        let decompressed = try DecompressedSource(source, limit: limits.layerBytes)
        let hashed = HashingBlockSource(decompressed, diffID.algorithm)
        let unpacker = try LayerUnpacker(path, diffID: diffID, limits: limits)
        try unpacker.unpack(TarReader(ArchiveHandle(hashed, .tar)))
        // Padding behind the archive's end belongs to both digests.
        try hashed.drain()
        try source.drain()
        guard hashed.digest == diffID else {
            throw ImageError(
                .digestMismatch, "layer's content has digest \(hashed.digest), expected \(diffID)")
        }
        try unpacker.finish()
        return unpacker.summary
    }

    private func unpack(_ reader: TarReader) throws {
        var count = 0
        while let entry = try reader.next() {
            count += 1
            guard count <= limits.layerEntries else {
                throw ImageError(.limitExceeded, "layer has more than \(limits.layerEntries) entries")
            }
            do {
                try unpack(entry, reader)
            } catch let error as ImageFileError {
                throw ImageError(
                    error.isFull ? .noSpace : .storage,
                    "unpacking \"\(entry.displayName)\": \(error)")
            }
        }
    }

    private func unpack(_ entry: TarEntry, _ reader: TarReader) throws {
        let path = try LayerPath(parsing: entry.name)
        guard let name = path.name else { return try unpackRoot(entry) }
        let (directory, parent) = try tree.directory(path.parent)
        if let whiteout = try Whiteout(name, path: path) {
            try apply(whiteout, in: directory, parent)
            return
        }
        let place = Place(directory: directory, name: name, path: parent.appending(name))
        switch entry.kind {
        case .directory: try makeDirectory(entry, at: place)
        case .file: try writeFile(entry, reader, at: place)
        case .hardLink: try link(entry, at: place)
        case .symbolicLink:
            guard !entry.target.isEmpty, !entry.target.contains(0) else {
                throw LayerTree.failure(path, "symbolic link has no valid target")
            }
            let target = entry.target.map(CChar.init(bitPattern:)) + [0]
            try make(entry, at: place) { symlinkat(target, $0.directory, $0.name) }
        case .fifo:
            try make(entry, at: place) { mkfifoat($0.directory, $0.name, 0o600) }
        case .characterDevice:
            try make(entry, at: place) { Self.makeDevice(entry, S_IFCHR, $0) }
        case .blockDevice:
            try make(entry, at: place) { Self.makeDevice(entry, S_IFBLK, $0) }
        case .unsupported(let type):
            throw LayerTree.failure(path, "unsupported type of file (mode \(String(type, radix: 8)))")
        }
        summary.entries += 1
    }

    private static func makeDevice(_ entry: TarEntry, _ type: UInt32, _ place: Place) -> Int32 {
        edge_archive_mknodat(place.directory, place.name, type | 0o600, entry.major, entry.minor)
    }

    private func unpackRoot(_ entry: TarEntry) throws {
        guard case .directory = entry.kind else {
            throw ImageError(.invalidContent, "layer's root is not a directory")
        }
        summary.root = .init(mode: entry.mode, uid: entry.uid, gid: entry.gid)
        try setAttributes(entry, descriptor: tree.root, path: LayerPath(components: []))
        directoryTimes.append((LayerPath(components: []), entry.modified))
    }

    // MARK: Counting

    /// Counts bytes that are about to be written.
    func account(_ count: Int64) throws {
        bytes += count
        guard bytes <= limits.layerBytes else {
            throw ImageError(.limitExceeded, "layer has more than \(limits.layerBytes) bytes")
        }
        bytesUntilSpaceCheck -= count
        if bytesUntilSpaceCheck > 0 { return }
        bytesUntilSpaceCheck = 16 << 20
        var status = statvfs()
        guard fstatvfs(tree.root, &status) == 0 else { throw ImageFileError("statvfs", path) }
        let free = Int64(status.f_bavail) * Int64(status.f_frsize)
        guard free > limits.reservedBytes else {
            throw ImageError(
                .noSpace,
                "no space left on device: \(free) bytes free under \(path), \(limits.reservedBytes) reserved")
        }
    }

    func recordTime(of path: LayerPath, _ time: timespec) {
        directoryTimes.append((path, time))
    }

    private func finish() throws {
        for (path, time) in directoryTimes.reversed() {
            var times = [time, time]
            if let name = path.name {
                let (directory, _) = try tree.directory(path.parent)
                // A later entry may have replaced the directory.
                guard utimensat(directory, name, &times, AT_SYMLINK_NOFOLLOW) == 0 || errno == ENOENT else {
                    throw ImageFileError("utimensat", path.description)
                }
            } else {
                guard futimens(tree.root, &times) == 0 else { throw ImageFileError("utimensat", self.path) }
            }
        }
        summary.implicitDirectories = tree.implicitDirectories.sorted { $0.description < $1.description }
        summary.entries = try DirectoryTree.countEntries(path)
        summary.size += Int64(summary.entries) * 256
        try ImageFile.syncFileSystem(tree.root, path)
    }
}

/// Where an entry goes: a name in an open directory.
struct Place {
    let directory: Int32
    let name: [CChar]
    let path: LayerPath
}
