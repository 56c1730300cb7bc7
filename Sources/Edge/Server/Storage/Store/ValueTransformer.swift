public import EdgeBase

/// Changes what lies on the disk, not what lies in memory: encryption of Secrets at rest. Called on the writer
/// thread (and on the snapshot's thread), never while a lock is held.
public protocol ValueTransformer: Sendable {
    /// The bytes to write. An error fails the group that holds this object, as `StorageError.unavailable`.
    func toDisk(_ bytes: [UInt8], key: ObjectKey) throws -> [UInt8]

    /// The canonical JSON again. An error makes the store refuse to open: a missing key is no reason to
    /// throw a sound database away.
    func fromDisk(_ bytes: [UInt8], key: ObjectKey) throws -> [UInt8]
}
