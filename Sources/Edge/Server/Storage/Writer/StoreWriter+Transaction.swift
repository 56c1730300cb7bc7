internal import EdgeBase
internal import Logging
internal import Synchronization

extension StoreWriter {
    /// Runs a transaction: all of `body`, the mark and a COMMIT, or nothing. A file that turns out to be
    /// damaged is first replaced by one made from memory, which has everything that was acknowledged.
    func transaction(
        mark: UInt64?, _ body: (Database) throws(SQLiteError) -> [ObjectKey: Int64]
    ) throws(SQLiteError) -> [ObjectKey: Int64] {
        do throws(SQLiteError) {
            return try attempt(mark: mark, body)
        } catch {
            guard error.isCorruption else { throw error }
            try replaceDamagedFile(cause: error)
            return try attempt(mark: mark, body)
        }
    }

    private func attempt(
        mark: UInt64?, _ body: (Database) throws(SQLiteError) -> [ObjectKey: Int64]
    ) throws(SQLiteError) -> [ObjectKey: Int64] {
        let database = try connected()
        let firstNewRow = nextRow
        do throws(SQLiteError) {
            try database.begin()
            let rows = try body(database)
            if let mark { try database.writeMark(mark) }
            try core.options.beforeDiskCommit()
            try database.commit()
            return rows
        } catch {
            database.rollback()
            nextRow = firstNewRow
            throw error
        }
    }

    /// Writes one object, or deletes its row; returns the row it has now.
    func store(
        _ object: EncodedObject?, bytes: [UInt8]?, row: Int64, in database: Database
    ) throws(SQLiteError) -> Int64 {
        guard let object else {
            if row != 0 { try database.delete(row: row) }
            return 0
        }
        let target = row != 0 ? row : nextRow
        if row == 0 { nextRow += 1 }
        try database.put(object, bytes: bytes ?? object.bytes, row: target)
        return target
    }

    /// The connection, opened again if an attempt to replace the file had to give it up.
    func connected() throws(SQLiteError) -> Database {
        if let database { return database }
        let opened = try Database(path: core.options.path, purpose: .live)
        database = opened
        return opened
    }

    /// Writes the file anew from memory and moves the damaged one aside. The new file is complete before the
    /// old one is touched; a crash between the two renames leads to the rolling snapshot.
    private func replaceDamagedFile(cause: SQLiteError) throws(SQLiteError) {
        let options = core.options
        let (tables, mark) = core.memory.withLock { ($0.tables, $0.revisions.reserved) }
        let copy = DatabaseCopy(tables: tables, mark: mark, purpose: .replacement, options: options)
        do throws(StorageError) {
            try copy.write(to: options.path + ".restoring")
            // Closed before its file is renamed: SQLite deletes the log by its name.
            database = nil
            let damaged = try StoreFiles.moveDatabaseAside(options.path, at: options.clock.now)
            try StoreFiles.move(options.path + ".restoring", to: options.path)
            options.logger.error(
                "the database was damaged and is written anew from memory; nothing is lost",
                metadata: ["database": "\(options.path)", "cause": "\(cause)", "damaged": "\(damaged)"])
        } catch {
            throw SQLiteError(
                code: cause.code, operation: "replace the damaged database", message: "\(error)")
        }
    }
}
