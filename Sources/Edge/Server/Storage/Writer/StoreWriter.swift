internal import EdgeBase
internal import Logging
internal import Synchronization

/// The loop of the writer thread, which alone touches the database. Whatever has queued while the previous
/// transaction was being written becomes one transaction with one fsync; with nothing queued, the first group
/// that comes is written at once.
///
/// Confined to the writer thread: it is made and used there only.
final class StoreWriter {
    /// Nil only while a damaged file could not be replaced.
    var database: Database?
    let core: StoreCore
    let snapshotter: Snapshotter
    var nextRow: Int64
    /// The disk refused the last write; the next success is logged too.
    private var isRefused = false

    init(database: Database, core: StoreCore, snapshotter: Snapshotter, nextRow: Int64) {
        self.database = database
        self.core = core
        self.snapshotter = snapshotter
        self.nextRow = nextRow
    }

    /// Works until the store is closed or dropped; returns who waits for the close, and its outcome.
    func run() -> (reply: CommitQueue.Reply<Void>, result: Result<Void, StorageError>)? {
        while true {
            let work = core.queue.take()
            if !work.groups.isEmpty { commit(work.groups) }
            if work.flushIsDue || !work.flush.isEmpty {
                let result = flush()
                for reply in work.flush { reply.resume(returning: result) }
            } else if work.reserve {
                _ = reserve()
            }
            for rewrite in work.rewrites { rewrite.reply.resume(returning: self.rewrite(rewrite.resource)) }
            switch work.stop {
            case nil: tidy()
            case .abandon: return nil
            case .close(let reply): return (reply, finish())
            }
        }
    }

    /// Housekeeping that nobody waits for, after the replies have gone out.
    private func tidy() {
        guard let database else { return }
        let bytes = database.takeBytesWritten()
        var checkpoints = 0
        if database.logBytes >= core.options.checkpointBytes {
            do throws(SQLiteError) {
                try database.checkpoint(truncate: false)
                try database.releaseFreePages()
                checkpoints = 1
            } catch {
                core.options.logger.warning(
                    "the database's log cannot be copied back yet", metadata: ["cause": "\(error)"])
            }
        }
        core.memory.withLock { state in
            state.statistics.bytesWritten += bytes + database.takeBytesWritten()
            state.statistics.checkpoints += checkpoints
        }
    }
}

// MARK: - shared by commits and flushes

extension StoreWriter {
    func noteRefused(_ error: SQLiteError) {
        core.memory.withLock { $0.statistics.failedTransactions += 1 }
        guard !isRefused else { return }
        isRefused = true
        core.options.logger.error("the database cannot be written", metadata: ["cause": "\(error)"])
    }

    func noteAccepted() {
        guard isRefused else { return }
        isRefused = false
        core.options.logger.notice("the database can be written again")
    }
}
