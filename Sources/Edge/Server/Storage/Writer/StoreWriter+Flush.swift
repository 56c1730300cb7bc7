internal import EdgeBase
internal import Logging
internal import Synchronization

extension StoreWriter {
    /// Writes all batched changes in one transaction. They are visible already; on an error they stay dirty,
    /// and the timer is armed again.
    func flush() -> Result<Void, StorageError> {
        let (slots, mark) = core.memory.withLock { state in
            (state.claimForFlush(), state.revisions.markIfLow)
        }
        guard !slots.isEmpty || mark != nil else { return .success(()) }
        do throws(SQLiteError) {
            let rows = try writeBatched(slots, mark: mark)
            core.memory.withLock { state in
                state.noteFlushed(rows)
                state.revisions.endTransaction(mark: mark)
                state.release()
                state.statistics.flushes += 1
            }
            noteAccepted()
            snapshotter.noteChange()
            return .success(())
        } catch {
            noteRefused(error)
            let needs = core.memory.withLock { state in
                state.release()
                return state.takeNeeds(core.options)
            }
            core.request(MemoryState.Needs(reservation: false, flushNow: false, flushTimer: needs.flushTimer))
            return .failure(.unavailable(operation: "write batched objects", cause: "\(error)"))
        }
    }

    private func writeBatched(
        _ slots: [ObjectKey: MemoryState.Slot], mark: UInt64?
    ) throws(SQLiteError) -> [ObjectKey: Int64] {
        try transaction(mark: mark) { database throws(SQLiteError) in
            var rows: [ObjectKey: Int64] = [:]
            for (key, slot) in slots {
                guard let bytes = batchedDiskBytes(slot.object) else { continue }
                rows[key] = try store(slot.object, bytes: bytes, row: slot.row, in: database)
            }
            return rows
        }
    }

    /// The bytes to write for a batched object; nil, with a log line, if its transformer fails.
    private func batchedDiskBytes(_ object: EncodedObject?) -> [UInt8]? {
        guard let object else { return [] }
        guard let transformer = core.options.transformers[object.key.resource] else { return object.bytes }
        do throws(StorageError) {
            return try transformer.diskBytes(of: object)
        } catch {
            core.options.logger.error("an object stays in memory only", metadata: ["cause": "\(error)"])
            return nil
        }
    }

    /// Reserves the next block of revisions for memory-only writes.
    func reserve() -> Result<Void, StorageError> {
        guard let mark = core.memory.withLock({ $0.revisions.markIfLow }) else { return .success(()) }
        do throws(SQLiteError) {
            try connected().writeMark(mark)
            core.memory.withLock { $0.revisions.endTransaction(mark: mark) }
            return .success(())
        } catch {
            noteRefused(error)
            return .failure(.unavailable(operation: "reserve revisions", cause: "\(error)"))
        }
    }

    /// The clean end: the exact revision becomes the mark, so that the next start goes on without a jump.
    func finish() -> Result<Void, StorageError> {
        let flushed = flush()
        guard case .success = flushed else { return flushed }
        let current = core.memory.withLock { $0.revisions.current }
        do throws(SQLiteError) {
            let database = try connected()
            try database.markClean(revision: current)
            try database.checkpoint(truncate: true)
            return .success(())
        } catch {
            return .failure(.unavailable(operation: "close the database", cause: "\(error)"))
        }
    }
}
