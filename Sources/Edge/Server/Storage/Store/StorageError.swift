public import EdgeBase

/// Why the store did not do what it was asked.
public enum StorageError: Error, Sendable {
    /// A precondition or a deletion names an object that is not there.
    case notFound(ObjectKey)
    /// `.absent` was asked for, and this version is there.
    case alreadyExists(current: EncodedObject)
    /// `.revision` was asked for, and this is the newest version.
    case conflict(current: EncodedObject)
    /// The history since this revision is gone; the oldest one to continue from is given (410 Gone).
    case expired(revision: UInt64, oldest: UInt64)
    /// The revision lies in the future (504, "Too large resource version").
    case notYet(revision: UInt64, current: UInt64)
    /// The caller's bytes cannot be stored.
    case invalid(ObjectKey, reason: String)
    /// The disk refused or too many writes wait. Nothing has changed in memory; a later try may succeed.
    case unavailable(operation: String, cause: String)
    /// The file is damaged and there is no good snapshot to go back to.
    case corrupt(path: String, cause: String)
    /// The file is sound, but this version or this configuration of edge cannot read it.
    case unreadable(path: String, cause: String)
    /// The store has been closed.
    case closed
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let key): "\(key) not found"
        case .alreadyExists(let current): "\(current.key) already exists at revision \(current.revision)"
        case .conflict(let current): "\(current.key) has changed: it is at revision \(current.revision)"
        case .expired(let revision, let oldest):
            "revision \(revision) is too old: the oldest available one is \(oldest)"
        case .notYet(let revision, let current):
            "revision \(revision) is too large: the current one is \(current)"
        case .invalid(let key, let reason): "cannot store \(key): \(reason)"
        case .unavailable(let operation, let cause): "\(operation): \(cause)"
        case .corrupt(let path, let cause):
            "database \(path) is corrupt and no good snapshot exists: \(cause)"
        case .unreadable(let path, let cause): "cannot read database \(path): \(cause)"
        case .closed: "the store is closed"
        }
    }
}
