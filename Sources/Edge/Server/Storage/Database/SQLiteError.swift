internal import CSQLite

/// What SQLite said.
struct SQLiteError: Error, CustomStringConvertible {
    /// The extended result code.
    let code: Int32
    let operation: String
    let message: String

    init(code: Int32, operation: String, message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    /// The primary code: the low byte.
    private var primary: Int32 { code & 0xff }

    /// The file's content is wrong, as opposed to a disk that does not answer or a lock that somebody holds.
    var isCorruption: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }

    var description: String { "\(operation): \(message) (sqlite \(code))" }
}
