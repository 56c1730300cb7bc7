internal import EdgeBase
internal import Logging

/// Opens the store's file, or repairs it from its rolling snapshots.
///
/// A damaged file is never changed: it is moved aside under the name `state.db.corrupt-<time>`, with its log,
/// once a good snapshot has been found. The steps are in such an order that a crash between any two of them
/// leads the next start to the same end.
struct StoreOpener {
    let options: StoreOptions

    func open() throws(StorageError) -> LoadedDatabase {
        try StoreFiles.makeFolder(of: options.path)
        let loader = DatabaseLoader(path: options.path, options: options)
        // A file that is missing or empty, yet has a log or a snapshot, was there before. SQLite would begin
        // a new one, and so drop that log, or worse, apply it to a restored file.
        let size = StoreFiles.attributes(options.path)?.size ?? 0
        if size == 0, ([options.path + "-wal"] + snapshots).contains(where: StoreFiles.exists) {
            try restore(cause: "the file is missing or empty")
        }
        do throws(LoadFailure) {
            return try loader.load()
        } catch {
            try restore(cause: try Self.corruption(error))
        }
        do throws(LoadFailure) {
            return try loader.load()
        } catch {
            throw .corrupt(path: options.path, cause: try Self.corruption(error))
        }
    }

    private var snapshots: [String] { [options.snapshotPath, options.previousSnapshotPath] }

    private static func corruption(_ failure: LoadFailure) throws(StorageError) -> String {
        switch failure {
        case .corrupt(let cause): return cause
        case .other(let error): throw error
        }
    }

    /// Puts the newest good snapshot in the file's place.
    private func restore(cause: String) throws(StorageError) {
        let copy = options.path + ".restoring"
        for snapshot in snapshots where StoreFiles.exists(snapshot) {
            try StoreFiles.copy(snapshot, to: copy)
            guard let (objects, taken) = try inspect(snapshot, copy: copy) else { continue }
            let damaged = try StoreFiles.moveDatabaseAside(options.path, at: options.clock.now)
            try StoreFiles.move(copy, to: options.path)
            options.logger.error(
                "the database was damaged and is restored; what was written after the snapshot is lost",
                metadata: [
                    "database": "\(options.path)", "cause": "\(cause)", "snapshot": "\(snapshot)",
                    "taken": "\(taken.rfc3339)", "objects": "\(objects)", "damaged": "\(damaged)",
                ])
            return
        }
        throw .corrupt(path: options.path, cause: cause)
    }

    /// What a snapshot holds; nil, with a log line, if it is damaged too.
    private func inspect(
        _ snapshot: String, copy: String
    ) throws(StorageError) -> (objects: Int, taken: Timestamp)? {
        do throws(LoadFailure) {
            return try DatabaseLoader(path: copy, options: options).inspect()
        } catch {
            StoreFiles.remove(copy)
            let cause = try Self.corruption(error)
            options.logger.error(
                "a snapshot of the database is damaged too",
                metadata: ["snapshot": "\(snapshot)", "cause": "\(cause)"])
            return nil
        }
    }
}
