internal import CEdgeLinux
internal import Glibc

/// Directories and trees.
public enum Directory {
    /// The names in a directory, without `.` and `..`, in no particular order.
    public static func names(_ path: String) throws(SystemError) -> [String] {
        let directory = try File.open(path, [.directory])
        return try names(of: directory, path)
    }

    private static func names(of directory: consuming FileDescriptor, _ path: String) throws(SystemError)
        -> [String]
    {
        guard let stream = fdopendir(directory.rawValue) else {
            throw SystemError("list", path, Errno.current)
        }
        _ = directory.release()
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a directory with its parents; an existing one is fine and keeps its mode.
    public static func make(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        do throws(SystemError) {
            try makeOne(path, mode: mode)
        } catch {
            guard error.errno == .noEntry, let slash = path.lastIndex(of: "/"), slash != path.startIndex
            else { throw error }
            try make(String(path[..<slash]))
            try makeOne(path, mode: mode)
        }
    }

    private static func makeOne(_ path: String, mode: UInt32) throws(SystemError) {
        do throws(SystemError) {
            try checkErrno("make directory", path) { mkdir(path, mode) }
        } catch {
            guard error.errno == .exists, (try? FileStatus(of: path, followLinks: true))?.kind == .directory
            else { throw error }
        }
    }

    /// Removes an empty directory; one that is not there is fine.
    public static func removeEmpty(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try checkErrno("remove directory", path) { rmdir(path) }
        } catch {
            if error.errno != .noEntry { throw error }
        }
    }

    /// Removes a tree without following links and without crossing mounts: what is mounted inside, a bind mount of
    /// the same file system included, is never emptied, it makes the removal fail with EBUSY. A tree that is not
    /// there is fine.
    ///
    /// - Parameter keepingMounts: leaves mount points, with the directories above them, instead of failing.
    public static func removeTree(_ path: String, keepingMounts: Bool = false) throws(SystemError) {
        guard let status = try? FileStatus(of: path) else { return }
        guard status.kind == .directory else { return try File.remove(path) }
        let trimmed = path.count > 1 && path.last == "/" ? String(path.dropLast()) : path
        let slash = trimmed.lastIndex(of: "/")
        let parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        let name = slash.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
        let directory = try File.open(parent, [.directory])
        let keeps = try emptyTree(directory.rawValue, name, display: trimmed, keepingMounts)
        if !keeps { try removeEmpty(trimmed) }
    }

    /// The bytes that a tree takes on its disk; files with several names count once. What vanishes meanwhile
    /// does not count.
    public static func diskUsage(_ path: String) throws(SystemError) -> UInt64 {
        var seen: Set<UInt64> = []
        var pending = [path]
        var bytes: UInt64 = 0
        while let next = pending.popLast() {
            var status = stat()
            guard lstat(next, &status) == 0 else { continue }
            if status.st_nlink > 1, status.st_mode & S_IFMT != S_IFDIR,
                !seen.insert(UInt64(status.st_ino)).inserted
            {
                continue
            }
            bytes += UInt64(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR, let children = try? names(next) {
                pending += children.map { "\(next)/\($0)" }
            }
        }
        return bytes
    }

    /// True if something had to stay.
    private static func emptyTree(_ parent: Int32, _ name: String, display: String, _ keepingMounts: Bool)
        throws(SystemError) -> Bool
    {
        let opened = edge_openat2(
            parent, name, O_DIRECTORY | O_NOFOLLOW, 0, UInt64(EDGE_RESOLVE_NO_MOUNTS | EDGE_RESOLVE_BENEATH))
        if opened < 0, Errno(rawValue: -opened) == .crossDevice {
            if keepingMounts { return true }
            throw SystemError("remove", display, .busy)
        }
        let directory = FileDescriptor(owning: try check(opened, "open", display))
        let descriptor = directory.rawValue
        var keeps = false
        for child in try names(of: try directory.duplicate(), display) {
            if unlinkat(descriptor, child, 0) == 0 { continue }
            let errno = Errno.current
            if errno == .noEntry { continue }
            guard errno == .isDirectory || errno == .notPermitted || errno == .busy && keepingMounts else {
                throw SystemError("remove", "\(display)/\(child)", errno)
            }
            let path = "\(display)/\(child)"
            // A file that is a mount point itself.
            if errno == .busy, keepingMounts {
                keeps = true
            } else if try emptyTree(descriptor, child, display: path, keepingMounts) {
                keeps = true
            } else {
                try checkErrno("remove", path) { unlinkat(descriptor, child, AT_REMOVEDIR) }
            }
        }
        return keeps
    }
}
