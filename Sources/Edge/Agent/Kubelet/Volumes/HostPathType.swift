internal import EdgeSystem

/// The checks that a hostPath volume asks for by its type.
enum HostPathType {
    /// Makes what `DirectoryOrCreate` and `FileOrCreate` want. Blocks.
    static func check(_ path: String, type: String) throws {
        let status = try? FileStatus(of: path, followLinks: true)
        switch type {
        case "": return
        case "DirectoryOrCreate":
            if status == nil { return try Directory.make(path, mode: 0o755) }
            try require(status?.kind == .directory, path, "a directory")
        case "FileOrCreate":
            if status == nil { return try File.write([], to: path, mode: 0o644) }
            try require(status?.kind == .regular, path, "a file")
        case "Directory": try require(status?.kind == .directory, path, "a directory")
        case "File": try require(status?.kind == .regular, path, "a file")
        case "Socket": try require(status?.kind == .socket, path, "a socket file")
        case "CharDevice": try require(status?.kind == .characterDevice, path, "a character device")
        case "BlockDevice": try require(status?.kind == .blockDevice, path, "a block device")
        default: throw KubeletError("unknown hostPath type: \(type)")
        }
    }

    private static func require(_ holds: Bool, _ path: String, _ what: String) throws(KubeletError) {
        if !holds { throw KubeletError("hostPath type check failed: \(path) is not \(what)") }
    }
}
