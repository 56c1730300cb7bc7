internal import CSQLite

/// One connection to a SQLite file: the only place that knows SQLite's interface together with `Statement`.
/// Confined to the thread that opened it.
///
/// The connection holds the file's lock for as long as it is open (`locking_mode=EXCLUSIVE`): a second server
/// on the same directory is refused, no lock is taken per transaction, and the index of the write-ahead log
/// lies on the heap instead of in a file that would be written back to the disk.
final class Database {
    enum Purpose {
        /// The store's own file: WAL, each commit synced.
        case live
        /// A snapshot under construction: no journal, synced once at its end.
        case bulk
    }

    let path: String
    private let connection: OpaquePointer
    private var statements: [String: Statement] = [:]
    /// Of new files: see `DatabaseSchema`.
    private var pageSize = 8192
    /// Pages that the connection had written when the log was last empty, and when somebody last asked.
    private var pagesAtCheckpoint = 0
    private var pagesCounted = 0
    private var checkpointedBytes = 0

    init(path: String, purpose: Purpose) throws(SQLiteError) {
        self.path = path
        var connection: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &connection, flags, nil)
        guard code == SQLITE_OK, let connection else {
            let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(connection)
            throw SQLiteError(code: code, operation: "open \(path)", message: message)
        }
        self.connection = connection
        sqlite3_extended_result_codes(connection, 1)
        edge_sqlite3_disable_lookaside(connection)
        try configure(purpose)
    }

    deinit {
        statements = [:]
        sqlite3_close_v2(connection)
    }

    /// 256 KiB of cache: memory holds all objects, so pages are read again only by checkpoints and splits.
    /// The order matters: nothing may be written, and no rollback journal made, before the modes are set.
    private func configure(_ purpose: Purpose) throws(SQLiteError) {
        try execute("PRAGMA locking_mode=EXCLUSIVE")
        if purpose == .bulk { try execute("PRAGMA journal_mode=OFF") }
        try execute("PRAGMA page_size=\(pageSize)")
        // Setting it is a write even where it is set already.
        if try integer("PRAGMA auto_vacuum") != 2 { try execute("PRAGMA auto_vacuum=INCREMENTAL") }
        try execute("PRAGMA cache_size=-256")
        try execute("PRAGMA cell_size_check=ON")
        try execute("PRAGMA temp_store=MEMORY")
        switch purpose {
        case .live:
            try execute("PRAGMA journal_mode=WAL")
            try execute("PRAGMA synchronous=FULL")
            try execute("PRAGMA wal_autocheckpoint=0")
            try execute("PRAGMA journal_size_limit=\(8 << 20)")
        case .bulk:
            try execute("PRAGMA synchronous=OFF")
        }
        pageSize = Int(try integer("PRAGMA page_size"))
    }
}

// MARK: - statements

extension Database {
    /// A statement that is prepared once and kept.
    func cached(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = statements[sql] { return statement }
        let statement = try prepare(sql)
        statements[sql] = statement
        return statement
    }

    func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(sql, connection: connection)
    }

    func execute(_ sql: String) throws(SQLiteError) { try prepare(sql).run() }

    /// The first column of the first row, 0 without one.
    func integer(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }
}

// MARK: - transactions

extension Database {
    func begin() throws(SQLiteError) { try cached("BEGIN IMMEDIATE").run() }

    func commit() throws(SQLiteError) { try cached("COMMIT").run() }

    /// Ends a failed transaction, which SQLite may have ended itself.
    func rollback() {
        guard sqlite3_get_autocommit(connection) == 0 else { return }
        _ = try? cached("ROLLBACK").run()
    }

    /// The size of the write-ahead log's new part: a frame is a page with a header of 24 bytes.
    var logBytes: Int { (pagesWritten - pagesAtCheckpoint) * (pageSize + 24) }

    /// Copies the log into the database file. The next transaction writes the log from its start again.
    func checkpoint(truncate: Bool) throws(SQLiteError) {
        var frames: Int32 = 0
        var copied: Int32 = 0
        let mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let code = sqlite3_wal_checkpoint_v2(connection, nil, mode, &frames, &copied)
        guard code == SQLITE_OK else {
            throw SQLiteError(
                code: code, operation: "checkpoint", message: String(cString: sqlite3_errmsg(connection)))
        }
        // A page that the log has several times is copied once.
        checkpointedBytes += min(Int(max(copied, 0)), Int(try integer("PRAGMA page_count"))) * pageSize
        pagesAtCheckpoint = pagesWritten
    }

    /// Gives free pages back to the file system once they are many; a few are kept for the next objects.
    func releaseFreePages() throws(SQLiteError) {
        let free = try integer("PRAGMA freelist_count")
        guard free > 256, try integer("PRAGMA page_count") < free * 4 else { return }
        try execute("PRAGMA incremental_vacuum(\(free / 2))")
    }

    /// Bytes written to log and file since the last call, rounded up to pages.
    func takeBytesWritten() -> Int {
        let pages = pagesWritten
        defer {
            pagesCounted = pages
            checkpointedBytes = 0
        }
        return (pages - pagesCounted) * (pageSize + 24) + checkpointedBytes
    }

    private var pagesWritten: Int {
        var current: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 0)
        return Int(UInt32(bitPattern: current))
    }
}
