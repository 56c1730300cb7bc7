internal import EdgeBase

/// What memory knows and the disk does not, yet should: batched writes that wait for their flush.
struct WriteBehind: Sendable {
    /// Objects whose newest version has to be written.
    private(set) var dirty: Set<ObjectKey> = []
    /// Rows of objects that are gone.
    private(set) var deadRows: [ObjectKey: Int64] = [:]
    /// Writes since the last flush began, and their bytes: what a crash would lose.
    private(set) var writes = 0
    private(set) var bytes = 0

    var count: Int { dirty.count + deadRows.count }
    var isEmpty: Bool { dirty.isEmpty && deadRows.isEmpty }

    /// A memory-only put; returns the row that the object has. One that takes over the row of a deleted
    /// namesake must be written even if it is volatile, or a restart would bring the old one back.
    mutating func notePut(_ object: EncodedObject, existingRow: Int64, isBatched: Bool) -> Int64 {
        let inherited = deadRows.removeValue(forKey: object.key)
        if isBatched || inherited != nil {
            dirty.insert(object.key)
            writes += 1
            bytes += object.bytes.count
        }
        return inherited ?? existingRow
    }

    /// A memory-only deletion. An object that never reached the disk leaves nothing to do there.
    mutating func noteDelete(_ key: ObjectKey, existingRow: Int64) {
        dirty.remove(key)
        if existingRow != 0 {
            deadRows[key] = existingRow
            writes += 1
        }
    }

    /// The disk has this object in another form than it should.
    mutating func markDirty(_ key: ObjectKey) { dirty.insert(key) }

    /// A flush has begun: what comes now counts towards the next one.
    mutating func beginFlush() {
        writes = 0
        bytes = 0
    }

    /// The disk has the newest state of this object.
    mutating func forget(_ key: ObjectKey) {
        dirty.remove(key)
        deadRows[key] = nil
    }
}
