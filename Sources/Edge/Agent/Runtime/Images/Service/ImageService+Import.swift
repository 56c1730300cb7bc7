internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem
internal import Glibc
internal import Synchronization

extension ImageService {
    /// Imports the images of a `docker save` archive or a tar of an OCI layout (plain, gzip, zstd) that suit
    /// this platform.
    /// - Parameters:
    ///   - baseName: the repository for images whose archive tells only a tag, or nothing.
    ///   - isPinned: keeps them from collections.
    public func importArchive(
        _ path: String, baseName: String? = nil, isPinned: Bool = false
    ) async throws -> [StoredImage] {
        let base = try baseName.map { try ImageReference(parsing: $0) }
        do {
            return try await importRecords(path, baseName: base, isPinned: isPinned).map(stored)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ImageError.wrap(error).within("failed to import \(path)")
        }
    }

    private func importRecords(
        _ path: String, baseName: ImageReference?, isPinned: Bool
    ) async throws -> [ImageRecord] {
        let importer = ArchiveImport(
            store: store, platform: configuration.platform, limits: configuration.limits,
            baseName: baseName, isPinned: isPinned)
        let lease = store.lease()
        let cancellation = CancellationFlag()
        let results = try await withTaskCancellationHandler {
            try await threads.run {
                try importer.run(try ArchiveFile(path) { cancellation.isSet }, lease: lease)
            }
        } onCancel: {
            cancellation.set()
        }
        let committed = try await records.run { [store] in
            try results.map { try store.commit($0.record, blobs: $0.blobs) }
        }
        withExtendedLifetime(lease) {}
        return committed
    }

    /// What became of one file of the import directory.
    public struct DirectoryImport: Sendable {
        public let path: String
        /// The images that it brought, or that it had brought before.
        public let images: [StoredImage]
        public let error: (any Error)?
        /// Nothing was read: the file was imported before and its images are here.
        public let isUnchanged: Bool
    }

    /// Imports and pins what is in `<data-dir>/agent/images`: `*.tar`, `*.tar.gz`, `*.tgz`, `*.tar.zst`, in the
    /// order of their names. Files that were imported before and whose images are still here are not read
    /// again. A directory that is missing holds nothing.
    public func importDirectory(_ path: String) async throws -> [DirectoryImport] {
        let names: [String]
        var known: ImportLedger
        do {
            (names, known) = try await threads.run { [store] in
                guard ImageFile.exists(path) else { return ([], ImportLedger()) }
                return (try DirectoryTree.names(in: path).sorted(), ImportLedger.read(store.layout.imports))
            }
        } catch {
            throw ImageError.wrap(error).within("failed to read \(path)")
        }
        var outcomes: [DirectoryImport] = []
        let before = known
        for name in names where Self.isArchive(name) {
            try Task.checkCancellation()
            outcomes.append(try await importFile("\(path)/\(name)", &known))
        }
        if known != before {
            let ledger = known
            try await records.run { [store] in try ledger.write(store.layout.imports) }
        }
        return outcomes
    }

    /// What a watcher of the directory should care for.
    public static func isArchive(_ name: String) -> Bool {
        !name.hasPrefix(".")
            && [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.zstd"].contains { name.hasSuffix($0) }
    }

    private func importFile(_ path: String, _ ledger: inout ImportLedger) async throws -> DirectoryImport {
        let stamp = try await threads.run { ImportLedger.stamp(path) }
        if let stamp, let entry = ledger.entries[path], entry.stamp == stamp {
            let images = entry.images.compactMap { store.image($0) }
            if images.count == entry.images.count {
                return DirectoryImport(path: path, images: images.map(stored), error: nil, isUnchanged: true)
            }
        }
        do {
            let images = try await importRecords(path, baseName: nil, isPinned: true)
            if let stamp { ledger.entries[path] = .init(stamp: stamp, images: images.map(\.id)) }
            return DirectoryImport(path: path, images: images.map(stored), error: nil, isUnchanged: false)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let failure = ImageError.wrap(error).within("failed to import \(path)")
            return DirectoryImport(path: path, images: [], error: failure, isUnchanged: false)
        }
    }
}

/// Set by a cancelled task, read by the thread that works for it.
final class CancellationFlag: Sendable {
    private let flag = Mutex(false)

    var isSet: Bool { flag.withLock { $0 } }

    func set() { flag.withLock { $0 = true } }
}

/// Which files of the import directory have been imported, so that a start does not read them all again.
struct ImportLedger: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        /// Size, time of change and inode.
        var stamp: String
        var images: [ImageDigest]
    }

    var entries: [String: Entry] = [:]

    static func stamp(_ path: String) -> String? {
        guard let status = try? FileStatus(of: path, followLinks: true) else { return nil }
        return "\(status.size) \(status.modified).\(status.modifiedNanoseconds) \(status.inode)"
    }

    /// Empty when there is none or it cannot be read: then files are imported again, which does no harm.
    static func read(_ path: String) -> ImportLedger {
        var ledger = ImportLedger()
        guard let bytes = try? ImageFile.read(path), let object = (try? JSONParser.parse(bytes))?.object
        else {
            return ledger
        }
        for member in object {
            guard let stamp = member.value["stamp"]?.string else { continue }
            let images = (member.value["images"]?.strings ?? []).compactMap { ImageDigest($0) }
            ledger.entries[member.key] = Entry(stamp: stamp, images: images)
        }
        return ledger
    }

    func write(_ path: String) throws {
        var object = JSONObject()
        for (path, entry) in entries.sorted(by: { $0.key < $1.key }) where ImageFile.exists(path) {
            object[path] = [
                "stamp": .string(entry.stamp),
                "images": .array(entry.images.map { .string($0.description) }),
            ]
        }
        try ImageFile.replace(path, with: JSONValue.object(object).encoded)
    }
}
