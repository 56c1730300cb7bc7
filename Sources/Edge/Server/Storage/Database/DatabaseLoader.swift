internal import EdgeBase
internal import Logging

/// Why a file could not be loaded, which decides whether it is replaced.
enum LoadFailure: Error {
    /// The content is wrong: a snapshot may help.
    case corrupt(String)
    /// Anything else: the file stays where it is.
    case other(StorageError)
}

/// A file that is open, and what lies in it. Stays on the thread that opened it.
struct LoadedDatabase {
    let database: Database
    let state: MemoryState
    let nextRow: Int64
}

/// Opens one database file and reads all of its objects.
struct DatabaseLoader {
    /// Snapshots do not know which revisions were used after them. No store gets through so many between two
    /// snapshots; 2^53, the largest number that every JSON reader knows, leaves room for 900,000 restores.
    static let revisionsSkippedAfterRestore: UInt64 = 10_000_000_000

    let path: String
    let options: StoreOptions

    /// Opens the store's own file; after an unclean stop only once all its pages have been checked.
    func load() throws(LoadFailure) -> LoadedDatabase {
        do throws(StorageError) { try StoreFiles.createPrivate(path) } catch { throw .other(error) }
        let database = try sql { () throws(SQLiteError) in try Database(path: path, purpose: .live) }
        try checkSchema(database)
        if try meta(database, .clean) == 0 { try check(database) }
        let objects = try Objects(rows: sql { () throws(SQLiteError) in try database.rows() }, loader: self)
        let mark = UInt64(clamping: try meta(database, .mark))
        guard mark >= objects.newestRevision else {
            throw .corrupt("revision \(objects.newestRevision) is above the high-water mark \(mark)")
        }
        try deleteRows(objects.superseded, database)
        let restored = try meta(database, .snapshot) != 0
        let revisions = reserve(
            database, start: restored ? mark + Self.revisionsSkippedAfterRestore : mark)
        let tables = objects.entries.map { resource, entries in
            ResourceTable(resource: resource, index: ResourceIndex(entries), start: revisions.current)
        }
        let state = MemoryState(
            tables: Dictionary(uniqueKeysWithValues: tables.map { ($0.resource, $0) }), revisions: revisions,
            limits: HistoryLimits(count: options.historyCount, bytes: options.historyBytes))
        return LoadedDatabase(database: database, state: state, nextRow: objects.highestRow + 1)
    }

    /// Reads a snapshot to see whether it is good: how many objects it has, and when it was taken.
    func inspect() throws(LoadFailure) -> (objects: Int, taken: Timestamp) {
        let database = try sql { () throws(SQLiteError) in try Database(path: path, purpose: .bulk) }
        try checkSchema(database)
        try check(database)
        let objects = try Objects(rows: sql { () throws(SQLiteError) in try database.rows() }, loader: self)
        return (
            objects.entries.values.reduce(0) { $0 + $1.count },
            Timestamp(seconds: try meta(database, .taken))
        )
    }

    /// Reserves the first block. A full disk is no reason not to start: the first commit tries again.
    private func reserve(_ database: Database, start: UInt64) -> RevisionCounter {
        var reserved = start
        do throws(SQLiteError) {
            try database.writeMark(start + options.revisionBlock)
            reserved = start + options.revisionBlock
        } catch {
            options.logger.error("the database cannot be written", metadata: ["cause": "\(error)"])
        }
        return RevisionCounter(
            current: start, reserved: reserved, block: options.revisionBlock, gap: options.revisionGap)
    }

    private func checkSchema(_ database: Database) throws(LoadFailure) {
        let version = try sql { () throws(SQLiteError) in try database.prepareSchema(start: 1) }
        guard version > 0 else { throw .corrupt("the schema version is missing") }
        guard version <= DatabaseSchema.version else {
            let cause = "its schema version is \(version), this edge knows \(DatabaseSchema.version)"
            throw .other(.unreadable(path: path, cause: cause))
        }
    }

    private func check(_ database: Database) throws(LoadFailure) {
        if let complaint = try sql({ () throws(SQLiteError) in try database.quickCheck() }) {
            throw .corrupt(complaint)
        }
    }

    private func meta(_ database: Database, _ key: MetaKey) throws(LoadFailure) -> Int64 {
        try sql { () throws(SQLiteError) in try database.meta(key) }
    }

    private func deleteRows(_ rows: [Int64], _ database: Database) throws(LoadFailure) {
        for row in rows { try sql { () throws(SQLiteError) in try database.delete(row: row) } }
    }

    fileprivate func sql<Value>(_ body: () throws(SQLiteError) -> Value) throws(LoadFailure) -> Value {
        do throws(SQLiteError) {
            return try body()
        } catch {
            if error.isCorruption { throw .corrupt("\(error)") }
            throw .other(.unavailable(operation: "open database \(path)", cause: "\(error)"))
        }
    }
}

/// The rows of a file, as the index wants them.
private struct Objects {
    private(set) var entries: [String: [ResourceIndex.Entry]] = [:]
    /// Rows whose name has a newer one.
    private(set) var superseded: [Int64] = []
    private(set) var highestRow: Int64 = 0
    private(set) var newestRevision: UInt64 = 0

    init(rows: RowReader, loader: DatabaseLoader) throws(LoadFailure) {
        var rows = rows
        while let row = try loader.sql({ () throws(SQLiteError) in try rows.next() }) {
            let object = try Self.object(row, loader)
            highestRow = max(highestRow, row.id)
            newestRevision = max(newestRevision, row.revision)
            entries[row.key.resource, default: []].append(ResourceIndex.Entry(object: object, row: row.id))
        }
        for resource in entries.keys { dropSuperseded(resource) }
    }

    /// Turns a row back into memory's form. Digits at the wrong place mean a damaged row.
    private static func object(_ row: Database.Row, _ loader: DatabaseLoader) throws(LoadFailure)
        -> EncodedObject
    {
        var bytes = row.bytes
        if let transformer = loader.options.transformers[row.key.resource] {
            do {
                bytes = try transformer.fromDisk(bytes, key: row.key)
            } catch {
                throw .other(.unreadable(path: loader.path, cause: "object \(row.key): \(error)"))
            }
        }
        guard RevisionDigits.match(row.revision, in: bytes, at: row.revisionOffset) else {
            throw .corrupt("object \(row.key) does not carry its revision \(row.revision)")
        }
        return EncodedObject(
            key: row.key, revision: row.revision, bytes: bytes, revisionOffset: UInt32(row.revisionOffset))
    }

    /// A name has two rows if a crash came between the deletion of a batched object and its flush.
    private mutating func dropSuperseded(_ resource: String) {
        guard let all = entries[resource] else { return }
        var newest: [ObjectKey: ResourceIndex.Entry] = [:]
        newest.reserveCapacity(all.count)
        for entry in all {
            guard let other = newest[entry.object.key] else {
                newest[entry.object.key] = entry
                continue
            }
            let (kept, dropped) =
                entry.object.revision > other.object.revision ? (entry, other) : (other, entry)
            newest[entry.object.key] = kept
            superseded.append(dropped.row)
        }
        if newest.count < all.count { entries[resource] = Array(newest.values) }
    }
}
