internal import EdgeBase
internal import EdgeSystem

/// One file of a volume that is made from API objects.
struct ProjectedFile: Sendable, Equatable {
    var bytes: [UInt8]
    var mode: UInt32
    /// Nil is root.
    var owner: UInt32?
}

/// Replaces the files of a volume in one step, as Kubernetes' AtomicWriter does it: they lie in a directory named
/// by its time, `..data` links to it, and each name that users see links through `..data`. A reader sees all of the old
/// version or all of the new one.
struct AtomicWriter {
    let directory: String
    var group: UInt32?

    private static let data = "..data"
    private static let newData = "..data_tmp"
    static let maximumPath = 4096

    /// Writes what differs; says whether anything did. Blocks.
    @discardableResult
    func write(_ files: [String: ProjectedFile], now: Timestamp) throws -> Bool {
        for path in files.keys { try Self.check(path) }
        try Directory.make(directory, mode: 0o755)
        let old = try versions()
        if try isCurrent(files) { return false }
        let version = try writeVersion(files, now: now)
        try? File.remove("\(directory)/\(Self.newData)")
        try PathOperations.link(version, at: "\(directory)/\(Self.newData)")
        try PathOperations.move("\(directory)/\(Self.newData)", to: "\(directory)/\(Self.data)")
        try linkNames(files)
        for name in old where name != version { try Directory.removeTree("\(directory)/\(name)") }
        return true
    }

    /// The time-stamped directories; one from an interrupted write may be among them.
    private func versions() throws -> [String] {
        try Directory.names(directory).filter {
            $0.hasPrefix("..") && $0 != Self.data && $0 != Self.newData
        }
    }

    private func isCurrent(_ files: [String: ProjectedFile]) throws -> Bool {
        let root = "\(directory)/\(Self.data)"
        guard File.exists(root) else { return false }
        guard try Self.paths(below: root) == Set(files.keys) else { return false }
        for (path, file) in files {
            let status = try FileStatus(of: "\(root)/\(path)")
            let owner = file.owner ?? 0
            guard status.size == file.bytes.count, status.mode == mode(file), status.owner == owner,
                try File.read("\(root)/\(path)", limit: 8 << 20) == file.bytes
            else { return false }
        }
        return true
    }

    private static func paths(below root: String) throws -> Set<String> {
        var found: Set<String> = []
        var pending = [""]
        while let prefix = pending.popLast() {
            for name in try Directory.names(prefix.isEmpty ? root : "\(root)/\(prefix)") {
                let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
                if try FileStatus(of: "\(root)/\(path)").kind == .directory {
                    pending.append(path)
                } else {
                    found.insert(path)
                }
            }
        }
        return found
    }

    /// A group may read what it owns.
    private func mode(_ file: ProjectedFile) -> UInt32 { group == nil ? file.mode : file.mode | 0o440 }

    private func writeVersion(_ files: [String: ProjectedFile], now: Timestamp) throws -> String {
        let text = String(
            now.rfc3339Nano.map { (character: Character) -> Character in
                character == "-" || character == ":" || character == "T" ? "_" : character
            })
        var version = "..\(text)"
        while File.exists("\(directory)/\(version)") { version += "x" }
        let root = "\(directory)/\(version)"
        try makeDirectory(root)
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            var prefix = root
            for part in path.split(separator: "/").dropLast() {
                prefix += "/\(part)"
                if !File.exists(prefix) { try makeDirectory(prefix) }
            }
            let target = "\(root)/\(path)"
            try File.write(file.bytes, to: target, mode: 0o600)
            let owner = file.owner ?? PathOperations.unchanged
            try PathOperations.setOwner(owner, group ?? PathOperations.unchanged, of: target)
            // The mode comes last and by itself: neither the umask nor a change of owner may take from it.
            try PathOperations.setMode(mode(file), of: target)
        }
        return version
    }

    private func makeDirectory(_ path: String) throws {
        try Directory.make(path, mode: 0o755)
        if let group {
            try PathOperations.setOwner(PathOperations.unchanged, group, of: path)
            try PathOperations.setMode(0o2755, of: path)
        } else {
            try PathOperations.setMode(0o755, of: path)
        }
    }

    /// Links for new names, and none for those that have gone.
    private func linkNames(_ files: [String: ProjectedFile]) throws {
        let wanted = Set(files.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        let present = Set(try Directory.names(directory).filter { !$0.hasPrefix("..") })
        for name in wanted.subtracting(present) {
            try PathOperations.link("\(Self.data)/\(name)", at: "\(directory)/\(name)")
        }
        for name in present.subtracting(wanted) { try File.remove("\(directory)/\(name)") }
    }

    /// Refuses what would leave the volume or disturb its mechanics.
    static func check(_ path: String) throws(KubeletError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty else { throw KubeletError("invalid path: must not be empty") }
        guard !path.hasPrefix("/") else {
            throw KubeletError("invalid path: must be relative path: \(path)")
        }
        guard !parts.contains("..") else {
            throw KubeletError("invalid path: must not contain '..': \(path)")
        }
        guard !path.hasPrefix("..") else {
            throw KubeletError("invalid path: must not start with '..': \(path)")
        }
        guard path.utf8.count <= maximumPath, parts.allSatisfy({ $0.utf8.count <= 255 }), !parts.contains("")
        else {
            throw KubeletError("invalid path: \(path)")
        }
    }
}
