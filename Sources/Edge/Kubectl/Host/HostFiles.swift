internal import Glibc

/// The few operations on files that kubectl needs.
enum HostFiles {
    private static let chunk = 1 << 16

    private static func failure(_ operation: String, _ path: String) -> HostError {
        let code = errno
        let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return HostError(
            operation: operation, path: path, cause: text.prefix(1).lowercased() + text.dropFirst())
    }

    /// A whole file of at most 1 GiB.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= 1 << 30 else {
                throw HostError(operation: "read", path: path, cause: "the file exceeds 1 GiB")
            }
        }
    }

    /// Writes a file anew, through a temporary one beside it, so that a crash leaves the old or the new.
    static func replace(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws {
        let temporary = "\(path).tmp\(getpid())"
        try write(temporary, bytes, mode: mode)
        guard rename(temporary, path) == 0 else {
            let error = failure("rename", path)
            unlink(temporary)
            throw error
        }
    }

    /// Writes a file that does not exist yet, or over one that does.
    static func write(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { Glibc.close(descriptor) }
        try write(descriptor, bytes, path)
    }

    /// Writes all bytes to a descriptor.
    static func write(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a file to be written in pieces; a link in its place is replaced, not followed.
    static func create(_ path: String, mode: UInt32) throws -> Int32 {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        return descriptor
    }

    static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    /// The path from the root.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return "\(String(cString: directory))/\(path)"
    }

    /// The permission bits of a file.
    static func mode(_ path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    static func remove(_ path: String) { unlink(path) }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws {
        guard !path.isEmpty, !isDirectory(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeDirectories(String(path[..<slash]), mode: mode)
        }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("create directory", path) }
    }

    /// The files of a directory in order, with those of its subdirectories when `recursive`.
    static func list(_ path: String, recursive: Bool) throws -> [String] {
        var files: [String] = []
        for name in try names(path) {
            let child = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            if isDirectory(child) {
                if recursive { files += try list(child, recursive: true) }
            } else {
                files.append(child)
            }
        }
        return files
    }

    /// The names in a directory, in order.
    static func names(_ path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw failure("open directory", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A new directory of its own under the system's directory for temporary files.
    static func makeTemporaryDirectory(_ prefix: String) throws -> String {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let place = "\(directory.isEmpty ? "/tmp" : directory)/\(prefix)"
        var template = Array("\(place)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw failure("create temporary directory", place) }
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a directory with the files in it.
    static func removeDirectory(_ path: String) {
        for name in (try? names(path)) ?? [] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// A new empty file under the system's directory for temporary files.
    static func makeTemporary(prefix: String, suffix: String) throws -> String {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let place = "\(directory.isEmpty ? "/tmp" : directory)/\(prefix)"
        var template = Array("\(place)XXXXXX\(suffix)".utf8CString)
        let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
        guard descriptor >= 0 else { throw failure("create temporary file", place) }
        Glibc.close(descriptor)
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
