internal import CArchive
internal import Glibc

/// One entry of a tar archive. Names are raw bytes: they need not be UTF-8.
struct TarEntry {
    enum Kind {
        case file, directory, symbolicLink, hardLink, fifo, characterDevice, blockDevice
        case unsupported(UInt32)
    }

    var kind: Kind
    var name: [UInt8]
    /// The target of a hard or symbolic link.
    var target: [UInt8]
    var size: Int64
    /// Permission bits with setuid, setgid and sticky.
    var mode: UInt32
    var uid: UInt32
    var gid: UInt32
    var modified: timespec
    var major: UInt32
    var minor: UInt32
    var attributes: [(name: [CChar], value: [UInt8])]

    var displayName: String { String(decoding: name, as: UTF8.self) }
}

/// Reads a tar archive entry by entry: ustar, pax and GNU forms, sparse files included.
struct TarReader {
    private let archive: ArchiveHandle

    init(_ archive: ArchiveHandle) {
        self.archive = archive
    }

    func next() throws -> TarEntry? {
        guard let entry = try archive.nextHeader() else { return nil }
        let name = Self.bytes(archive_entry_pathname(entry))
        guard let name else { throw ImageError(.invalidContent, "broken archive: an entry has no name") }
        let modified = timespec(
            tv_sec: archive_entry_mtime(entry), tv_nsec: archive_entry_mtime_nsec(entry))
        let uid = archive_entry_uid(entry)
        let gid = archive_entry_gid(entry)
        guard let uid = UInt32(exactly: uid), let gid = UInt32(exactly: gid), uid != .max, gid != .max else {
            throw ImageError(
                .invalidContent,
                "owner \(uid):\(gid) of \"\(String(decoding: name, as: UTF8.self))\" is out of range")
        }
        let hardLink = Self.bytes(archive_entry_hardlink(entry))
        let symbolicLink = Self.bytes(archive_entry_symlink(entry))
        return TarEntry(
            kind: Self.kind(entry, isHardLink: hardLink != nil), name: name,
            target: hardLink ?? symbolicLink ?? [],
            size: archive_entry_size_is_set(entry) == 0 ? 0 : archive_entry_size(entry),
            mode: archive_entry_perm(entry), uid: uid, gid: gid, modified: modified,
            major: UInt32(truncatingIfNeeded: archive_entry_rdevmajor(entry)),
            minor: UInt32(truncatingIfNeeded: archive_entry_rdevminor(entry)),
            attributes: Self.attributes(entry))
    }

    /// The entry's content piece by piece, with the place of each in the file.
    func nextData() throws -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
        try archive.nextData()
    }

    private static func kind(_ entry: OpaquePointer, isHardLink: Bool) -> TarEntry.Kind {
        if isHardLink { return .hardLink }
        let type = archive_entry_filetype(entry)
        switch type {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .symbolicLink
        case S_IFIFO: return .fifo
        case S_IFCHR: return .characterDevice
        case S_IFBLK: return .blockDevice
        default: return .unsupported(type)
        }
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
        text.map { text in
            UnsafeRawBufferPointer(start: text, count: strlen(text)).map { $0 }
        }
    }

    private static func attributes(_ entry: OpaquePointer) -> [(name: [CChar], value: [UInt8])] {
        var count = archive_entry_xattr_reset(entry)
        var attributes: [(name: [CChar], value: [UInt8])] = []
        while count > 0 {
            count -= 1
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            guard archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK, let name else { break }
            attributes.append(
                (
                    Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)),
                    Array(UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size))
                ))
        }
        return attributes
    }
}
