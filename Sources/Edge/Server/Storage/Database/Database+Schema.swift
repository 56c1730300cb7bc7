internal import EdgeBase

/// The layout of the file. Compared were:
///
/// - One table with the primary key (resource, namespace, name), WITHOUT ROWID. Its cells hold at most a
///   quarter of a page, so that every object above 1 KiB spills into overflow pages, inner nodes carry whole
///   objects, and creates land on random leaves.
/// - A rowid table with a unique index on the name. Cells hold a page, but each create and delete writes a
///   leaf of the index besides.
/// - A rowid table and no index: this one. All names are in memory, and with them the rows, so nothing is ever
///   looked up by name. A create appends to the last leaf, an update rewrites one leaf: the fewest pages, which
///   is what wears an SD card. The index's duty, unique names, is the single writer's; should a file hold a
///   name twice all the same, the greater revision wins when it is loaded.
///
/// Pages are of 8 KiB, since most objects that change often (pods, nodes, deployments) have 2 to 8 KiB. An update
/// of 5 KiB writes 8 KiB to the log then; with pages of 4 KiB it writes 20: the leaf, an overflow page, the page
/// that lists free ones, the pointer map and the file's first page. An update of 1 KiB pays 8 KiB instead of 4.
///
/// There is one row per current object and nothing else: history lives in memory, so the file does not grow by
/// itself, and `auto_vacuum=INCREMENTAL` lets it shrink again.
enum DatabaseSchema {
    static let version: Int64 = 1
    /// "edge" in ASCII, shown by file(1).
    static let applicationID: Int64 = 0x6564_6765

    static let tables = [
        """
        CREATE TABLE objects(
            id INTEGER PRIMARY KEY, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision INTEGER NOT NULL, revision_offset INTEGER NOT NULL, value BLOB NOT NULL)
        """,
        "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    ]
}

/// The rows of the meta table.
enum MetaKey: String {
    /// The layout's version.
    case schema
    /// Every revision up to this one may have been used.
    case mark = "high_water_mark"
    /// 1 after a clean shutdown, 0 while the file is in use.
    case clean
    /// 1 in snapshots and backups: whoever opens one must skip the revisions that were used after it.
    case snapshot
    /// Seconds since 1970 when a snapshot was taken.
    case taken
}

extension Database {
    /// Makes the tables of an empty file, or checks that this version of edge knows them. A newer layout is
    /// not an error of SQLite, so it is returned.
    func prepareSchema(start: UInt64) throws(SQLiteError) -> Int64 {
        if try integer("SELECT count(*) FROM sqlite_master WHERE name='meta'") > 0 {
            return try meta(.schema)
        }
        try begin()
        do throws(SQLiteError) {
            for table in DatabaseSchema.tables { try execute(table) }
            try setMeta(.schema, DatabaseSchema.version)
            try setMeta(.mark, Int64(start))
            try setMeta(.clean, 1)
            try execute("PRAGMA application_id=\(DatabaseSchema.applicationID)")
            try commit()
        } catch {
            rollback()
            throw error
        }
        return DatabaseSchema.version
    }

    func meta(_ key: MetaKey) throws(SQLiteError) -> Int64 {
        let statement = try prepare("SELECT value FROM meta WHERE key=?1")
        statement.bind(1, key.rawValue)
        return try statement.step() ? statement.integer(0) : 0
    }

    func setMeta(_ key: MetaKey, _ value: Int64) throws(SQLiteError) {
        let statement = try cached("INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)")
        statement.bind(1, key.rawValue)
        statement.bind(2, value)
        try statement.run()
    }

    /// Reserves revisions; alone or inside a transaction. Whoever reserves is using the file.
    func writeMark(_ mark: UInt64) throws(SQLiteError) {
        let statement = try cached(
            """
            INSERT OR REPLACE INTO meta(key, value)
            VALUES('\(MetaKey.mark.rawValue)', ?1), ('\(MetaKey.clean.rawValue)', 0),
                ('\(MetaKey.snapshot.rawValue)', 0)
            """)
        statement.bind(1, Int64(clamping: mark))
        try statement.run()
    }

    /// Says that nothing above `revision` has been used, and that the file is whole.
    func markClean(revision: UInt64) throws(SQLiteError) {
        let statement = try cached(
            """
            INSERT OR REPLACE INTO meta(key, value)
            VALUES('\(MetaKey.mark.rawValue)', ?1), ('\(MetaKey.clean.rawValue)', 1)
            """)
        statement.bind(1, Int64(clamping: revision))
        try statement.run()
    }

    /// The first complaint of a check of all pages; nil if there is none.
    func quickCheck() throws(SQLiteError) -> String? {
        let statement = try prepare("PRAGMA quick_check(1)")
        guard try statement.step() else { return "no answer" }
        let answer = statement.text(0)
        return answer == "ok" ? nil : answer
    }
}
