internal import CSQLite

/// A prepared statement, used by one thread. Parameters are numbered from 1, columns from 0.
final class Statement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let sql: String

    init(_ sql: String, connection: OpaquePointer) throws(SQLiteError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw SQLiteError(
                code: code, operation: sql, message: String(cString: sqlite3_errmsg(connection)))
        }
        self.handle = handle
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: String) {
        var value = value
        value.withUTF8 { bytes in
            let length = Int32(bytes.count)
            bytes.withMemoryRebound(to: CChar.self) { text in
                _ = edge_sqlite3_bind_text(handle, index, text.baseAddress, length)
            }
        }
    }

    /// Runs to the end with a blob that is not copied.
    func run(_ index: Int32, blob: [UInt8]) throws(SQLiteError) {
        let failure = blob.withUnsafeBytes { bytes in
            edge_sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count))
            let failure = sqlite3_step(handle) == SQLITE_DONE ? nil : error()
            sqlite3_reset(handle)
            sqlite3_bind_null(handle, index)
            return failure
        }
        if let failure { throw failure }
    }

    /// Runs to the end; rows are dropped.
    func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Moves to the next row; false, and ready for another run, when there is none.
    func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        let failure = code == SQLITE_DONE ? nil : error()
        sqlite3_reset(handle)
        if let failure { throw failure }
        return false
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// What went wrong just now, to be asked before any other call on the connection.
    private func error() -> SQLiteError {
        SQLiteError(
            code: sqlite3_extended_errcode(connection), operation: String(sql.prefix { $0 != "(" }),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
