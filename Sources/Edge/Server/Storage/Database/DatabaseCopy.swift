internal import EdgeBase

/// Writes what memory holds into a new database file.
struct DatabaseCopy {
    enum Purpose {
        /// A snapshot or backup: everything, in the order of names.
        case snapshot
        /// To replace the live file: what that file had, each object in its row, so that memory stays right.
        case replacement
    }

    let tables: [String: ResourceTable]
    /// Every revision up to this one may have been used.
    let mark: UInt64
    let purpose: Purpose
    let options: StoreOptions

    /// Writes and syncs the file; blocks. Nothing is left of it after an error.
    func write(to path: String) throws(StorageError) {
        StoreFiles.remove(path)
        do throws(StorageError) {
            try StoreFiles.createPrivate(path)
            do throws(SQLiteError) {
                try fill(Database(path: path, purpose: .bulk))
            } catch {
                throw .unavailable(operation: "write \(path)", cause: "\(error)")
            }
            try StoreFiles.sync(path)
        } catch {
            StoreFiles.remove(path)
            throw error
        }
    }

    private func fill(_ database: Database) throws(SQLiteError) {
        _ = try database.prepareSchema(start: mark)
        try database.begin()
        switch purpose {
        case .snapshot:
            for (row, object) in objectsByName.enumerated() {
                try database.put(object, bytes: try bytes(of: object), row: Int64(row) + 1)
            }
            try database.setMeta(.snapshot, 1)
            try database.setMeta(.taken, options.clock.now.seconds)
        case .replacement:
            for entry in entriesByRow {
                try database.put(entry.object, bytes: try bytes(of: entry.object), row: entry.row)
            }
            try database.setMeta(.clean, 0)
        }
        try database.commit()
    }

    private var objectsByName: [EncodedObject] {
        tables.sorted { $0.key < $1.key }.flatMap {
            $0.value.index.objects(namespace: nil, after: nil, limit: .max).objects
        }
    }

    private var entriesByRow: [ResourceIndex.Entry] {
        var entries: [ResourceIndex.Entry] = []
        for table in tables.values {
            table.index.forEach { if $0.row != 0 { entries.append($0) } }
        }
        return entries.sorted { $0.row < $1.row }
    }

    private func bytes(of object: EncodedObject) throws(SQLiteError) -> [UInt8] {
        guard let transformer = options.transformers[object.key.resource] else { return object.bytes }
        do throws(StorageError) {
            return try transformer.diskBytes(of: object)
        } catch {
            throw SQLiteError(code: 0, operation: "transform", message: "\(error)")
        }
    }
}
