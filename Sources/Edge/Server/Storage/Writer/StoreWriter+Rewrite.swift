internal import EdgeBase
internal import Synchronization

extension StoreWriter {
    /// Writes all objects of a resource again, as their transformer makes them now, and leaves nothing of the old
    /// bytes: freed places are overwritten, the log is emptied, and snapshots are made anew.
    func rewrite(_ resource: String) -> Result<Void, StorageError> {
        core.memory.withLock { $0.markAllDirty(resource) }
        do throws(SQLiteError) {
            let database = try connected()
            try database.execute("PRAGMA secure_delete=ON")
            let result = flush()
            guard case .success = result else { return result }
            try database.checkpoint(truncate: true)
            try database.execute("PRAGMA secure_delete=OFF")
        } catch {
            return .failure(.unavailable(operation: "rewrite \(resource)", cause: "\(error)"))
        }
        do throws(StorageError) { try snapshotter.renew() } catch { return .failure(error) }
        return .success(())
    }
}

extension MemoryState {
    fileprivate mutating func markAllDirty(_ resource: String) {
        guard let objects = tables[resource]?.index.objects(namespace: nil, after: nil, limit: .max).objects
        else { return }
        for object in objects { writeBehind.markDirty(object.key) }
    }
}
