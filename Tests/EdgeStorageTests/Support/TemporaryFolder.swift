import FoundationEssentials
import Glibc

/// A folder that is deleted with the last reference to it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/edge-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A store that was just dropped may be closing its files: whoever loses that race tries again.
    deinit {
        for _ in 0..<10 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    var database: String { path + "/state.db" }

    /// The names of all files, sorted.
    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    /// Changes a part of a file in its place, as a failing disk does.
    func overwrite(_ name: String, from offset: Int, with bytes: [UInt8]) throws {
        guard let file = fopen(path + "/" + name, "r+") else { throw CocoaError(.fileNoSuchFile) }
        defer { fclose(file) }
        fseek(file, offset, SEEK_SET)
        fwrite(bytes, 1, bytes.count, file)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    /// What a power cut would leave: the database and its log, as they are now, in another folder.
    func copyOfDatabase() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for name in files where name == "state.db" || name == "state.db-wal" {
            try copy.write(read(name), to: name)
        }
        return copy
    }
}
