internal import Glibc

/// Operations on whole directories, through descriptors only: no path of a hostile tree is ever followed.
enum DirectoryTree {
    /// The names in a directory, without `.` and `..`, as raw bytes with the final zero.
    static func names(in directory: Int32, path: String) throws -> [[CChar]] {
        try entries(in: directory, path: path).map(\.name)
    }

    /// The names in a directory with what the file system says of their types: DT_DIR, ..., or DT_UNKNOWN.
    private static func entries(
        in directory: Int32, path: String
    ) throws -> [(name: [CChar], type: UInt8)] {
        let copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw ImageFileError("open", path) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw ImageFileError("opendir", path)
        }
        defer { closedir(stream) }
        var entries: [(name: [CChar], type: UInt8)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            if name == [0x2e, 0] || name == [0x2e, 0x2e, 0] { continue }
            entries.append((name, entry.pointee.d_type))
        }
        return entries
    }

    static func names(in path: String) throws -> [String] {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        return try names(in: descriptor, path: path).map {
            String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Removes a file or a whole tree. Depth is bounded by what the unpacker allows.
    static func remove(_ path: String) throws {
        if unlink(path) == 0 || errno == ENOENT { return }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        try removeContents(of: descriptor, path: path)
        guard rmdir(path) == 0 || errno == ENOENT else { throw ImageFileError("rmdir", path) }
    }

    static func removeContents(of directory: Int32, path: String) throws {
        for name in try names(in: directory, path: path) {
            try remove(name, in: directory, path: path)
        }
    }

    /// Removes one entry of a directory with all below it.
    static func remove(_ name: [CChar], in directory: Int32, path: String) throws {
        if unlinkat(directory, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw ImageFileError("unlink", path) }
        let child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else { throw ImageFileError("open", path) }
        defer { close(child) }
        try removeContents(of: child, path: path)
        guard unlinkat(directory, name, AT_REMOVEDIR) == 0 else { throw ImageFileError("rmdir", path) }
    }

    /// How many entries lie beneath a directory, itself not counted.
    static func countEntries(_ path: String) throws -> Int {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ImageFileError("open", path) }
        defer { close(descriptor) }
        return try countEntries(in: descriptor, path: path)
    }

    private static func countEntries(in directory: Int32, path: String) throws -> Int {
        var count = 0
        for (name, type) in try entries(in: directory, path: path) {
            count += 1
            guard type == UInt8(DT_DIR) || type == UInt8(DT_UNKNOWN) else { continue }
            let child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard child >= 0 else { continue }
            defer { close(child) }
            count += try countEntries(in: child, path: path)
        }
        return count
    }
}
