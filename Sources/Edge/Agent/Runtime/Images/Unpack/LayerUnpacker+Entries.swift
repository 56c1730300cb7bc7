internal import CArchive
internal import EdgeSystem
internal import Glibc

extension LayerUnpacker {
    func makeDirectory(_ entry: TarEntry, at place: Place) throws {
        var wasWhiteout = false
        if mkdirat(place.directory, place.name, 0o700) != 0 {
            guard errno == EEXIST else { throw ImageFileError("mkdir", place.path.description) }
            let status = try FileStatus(of: place.name, in: place.directory)
            if status.kind != .directory {
                wasWhiteout = LayerTree.isWhiteout(status)
                try removeExisting(place)
                guard mkdirat(place.directory, place.name, 0o700) == 0 else {
                    throw ImageFileError("mkdir", place.path.description)
                }
            }
        }
        if wasWhiteout { try tree.makeOpaque(place.name, in: place.directory, place.path) }
        let descriptor = openat(
            place.directory, place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", place.path.description) }
        defer { close(descriptor) }
        try setAttributes(entry, descriptor: descriptor, path: place.path)
        tree.markExplicit(place.path)
        recordTime(of: place.path, entry.modified)
        summary.size += 4096
    }

    func writeFile(_ entry: TarEntry, _ reader: TarReader, at place: Place) throws {
        guard entry.size >= 0 else { throw LayerTree.failure(place.path, "negative size") }
        try account(entry.size)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(place.directory, place.name, flags, 0o600)
        if descriptor < 0, errno == EEXIST {
            try removeExisting(place)
            descriptor = openat(place.directory, place.name, flags, 0o600)
        }
        guard descriptor >= 0 else { throw ImageFileError("open", place.path.description) }
        defer { close(descriptor) }
        try copyContent(entry, reader, to: descriptor, place)
        try setAttributes(entry, descriptor: descriptor, path: place.path)
        var times = [entry.modified, entry.modified]
        guard futimens(descriptor, &times) == 0 else {
            throw ImageFileError("utimensat", place.path.description)
        }
    }

    private func copyContent(
        _ entry: TarEntry, _ reader: TarReader, to descriptor: Int32, _ place: Place
    ) throws {
        var end: Int64 = 0
        while let (block, offset) = try reader.nextData() {
            guard offset >= end, offset + Int64(block.count) <= entry.size else {
                throw LayerTree.failure(place.path, "content does not fit its size")
            }
            if offset > end, lseek(descriptor, off_t(offset), SEEK_SET) < 0 {
                throw ImageFileError("seek", place.path.description)
            }
            try ImageFile.writeAll(descriptor, block, path: place.path.description)
            end = offset + Int64(block.count)
            summary.size += Int64(block.count)
        }
        summary.size += (4096 - entry.size % 4096) % 4096
        // The end of a sparse file may be a hole.
        if end < entry.size, ftruncate(descriptor, off_t(entry.size)) != 0 {
            throw ImageFileError("truncate", place.path.description)
        }
    }

    /// The target must be an earlier entry of the same layer, as in containerd.
    func link(_ entry: TarEntry, at place: Place) throws {
        let target = try LayerPath(parsing: entry.target)
        guard let targetName = target.name else {
            throw LayerTree.failure(place.path, "hard link to the layer's root")
        }
        // Resolving the target moves the walk on: keep the link's own directory open.
        let directory = fcntl(place.directory, F_DUPFD_CLOEXEC, 0)
        guard directory >= 0 else { throw ImageFileError("dup", place.path.description) }
        defer { close(directory) }
        let (targetDirectory, targetParent) = try tree.directory(target.parent)
        let resolved = targetParent.appending(targetName)
        guard resolved != place.path else { throw LayerTree.failure(place.path, "hard link to itself") }
        guard let status = try? FileStatus(of: targetName, in: targetDirectory), status.kind != .directory,
            !LayerTree.isWhiteout(status)
        else {
            throw LayerTree.failure(
                place.path, "hard link to \"\(target)\", which is not a file of this layer")
        }
        if linkat(targetDirectory, targetName, directory, place.name, 0) == 0 { return }
        guard errno == EEXIST else { throw ImageFileError("link", place.path.description) }
        try removeExisting(Place(directory: directory, name: place.name, path: place.path))
        let (again, _) = try tree.directory(target.parent)
        guard linkat(again, targetName, directory, place.name, 0) == 0 else {
            throw ImageFileError("link", place.path.description)
        }
    }

    /// Makes an entry that has no content of its own: link, fifo or device.
    func make(_ entry: TarEntry, at place: Place, _ create: (Place) -> Int32) throws {
        if create(place) != 0 {
            guard errno == EEXIST else { throw ImageFileError("create", place.path.description) }
            try removeExisting(place)
            guard create(place) == 0 else { throw ImageFileError("create", place.path.description) }
        }
        let path = place.path.description
        guard fchownat(place.directory, place.name, entry.uid, entry.gid, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw ImageFileError("chown", path)
        }
        if case .symbolicLink = entry.kind {
        } else {
            guard fchmodat(place.directory, place.name, mode_t(entry.mode), 0) == 0 else {
                throw ImageFileError("chmod", path)
            }
        }
        // The last component is not followed, and those before it are this process's own.
        let link = "/proc/self/fd/\(place.directory)/".utf8.map(CChar.init(bitPattern:)) + place.name
        try setExtendedAttributes(entry, path: place.path) { name, value, size in
            edge_archive_lsetxattr(link, name, value, size)
        }
        var times = [entry.modified, entry.modified]
        guard utimensat(place.directory, place.name, &times, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw ImageFileError("utimensat", path)
        }
    }

    /// A later entry of the same name replaces the earlier one, with all below it.
    func removeExisting(_ place: Place) throws {
        try DirectoryTree.remove(place.name, in: place.directory, path: place.path.description)
        tree.forgetImplicit(beneath: place.path)
    }

    // MARK: Attributes

    /// Owner before mode and capabilities: changing the owner takes setuid bits and capabilities away.
    func setAttributes(_ entry: TarEntry, descriptor: Int32, path: LayerPath) throws {
        guard fchown(descriptor, entry.uid, entry.gid) == 0 else {
            throw ImageFileError("chown", path.description)
        }
        guard fchmod(descriptor, mode_t(entry.mode)) == 0 else {
            throw ImageFileError("chmod", path.description)
        }
        try setExtendedAttributes(entry, path: path) { name, value, size in
            edge_archive_fsetxattr(descriptor, name, value, size)
        }
    }

    private func setExtendedAttributes(
        _ entry: TarEntry, path: LayerPath, _ set: ([CChar], UnsafeRawPointer?, Int) -> Int32
    ) throws {
        for (name, value) in entry.attributes {
            let text = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            if Self.steersOverlay(text) {
                summary.droppedAttributes += 1
                continue
            }
            let result = value.withUnsafeBytes { set(name, $0.baseAddress, $0.count) }
            // Not every file system has every kind of attribute; containerd goes on as well.
            guard result == 0 || errno == ENOTSUP || errno == EPERM && !text.hasPrefix("security.") else {
                throw ImageFileError("setxattr \(text)", path.description)
            }
        }
    }

    /// Attributes by which overlayfs redirects look-ups to other places of the lower directories: an image has
    /// no business setting them, and those that were packed from inside an overlay carry some by accident.
    private static func steersOverlay(_ name: String) -> Bool {
        name.hasPrefix("trusted.overlay.") || name.hasPrefix("user.overlay.")
    }
}
