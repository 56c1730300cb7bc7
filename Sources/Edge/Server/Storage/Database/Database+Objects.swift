internal import EdgeBase

extension Database {
    /// One object as it lies on the disk.
    struct Row {
        let id: Int64
        let key: ObjectKey
        let revision: UInt64
        let revisionOffset: Int
        /// As the transformer has made them.
        let bytes: [UInt8]
    }

    /// Writes a new row or a new version into an old one.
    func put(_ object: EncodedObject, bytes: [UInt8], row: Int64) throws(SQLiteError) {
        let statement = try cached(
            """
            INSERT OR REPLACE INTO objects(id, resource, namespace, name, revision, revision_offset, value)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        statement.bind(1, row)
        statement.bind(2, object.key.resource)
        statement.bind(3, object.key.namespace)
        statement.bind(4, object.key.name)
        statement.bind(5, Int64(clamping: object.revision))
        statement.bind(6, Int64(object.revisionOffset))
        try statement.run(7, blob: bytes)
    }

    func delete(row: Int64) throws(SQLiteError) {
        let statement = try cached("DELETE FROM objects WHERE id=?1")
        statement.bind(1, row)
        try statement.run()
    }

    /// All rows in the order of their ids, which is the order of the file.
    func rows() throws(SQLiteError) -> RowReader {
        RowReader(
            statement: try prepare(
                "SELECT id, resource, namespace, name, revision, revision_offset, value FROM objects ORDER BY id"
            ))
    }
}

/// Reads objects one by one.
struct RowReader {
    private let statement: Statement
    /// Resources and namespaces repeat in every row; each is kept once.
    private var shared: [String: String] = [:]

    fileprivate init(statement: Statement) { self.statement = statement }

    mutating func next() throws(SQLiteError) -> Database.Row? {
        guard try statement.step() else { return nil }
        let key = ObjectKey(
            resource: share(statement.text(1)), namespace: share(statement.text(2)), name: statement.text(3))
        return Database.Row(
            id: statement.integer(0), key: key, revision: UInt64(clamping: statement.integer(4)),
            revisionOffset: Int(statement.integer(5)), bytes: statement.blob(6))
    }

    private mutating func share(_ text: String) -> String {
        if let known = shared[text] { return known }
        shared[text] = text
        return text
    }
}
