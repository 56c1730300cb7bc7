internal import EdgeBase
internal import Logging
internal import Synchronization

/// The cluster's state: all objects in memory, each as its canonical bytes, and durable in one SQLite file.
///
///     commit ──> CommitQueue ──> writer thread ──> SQLite (one transaction, one fsync)
///        │ memory-only                 │
///        └────────────> MemoryState <──┘ ──> history ──> subscriptions
///                        ▲ get, list
///
/// - Reads never touch the disk, and wait for nothing but a short mutex.
/// - A durable write is acknowledged, and visible, once it is on the disk; one group is one unit.
/// - Memory-only writes (see `Mutation.Durability`) do not wait for the disk either.
/// - Revisions grow over all resources and never repeat, whatever ends the process.
public final class ObjectStore: Sendable {
    let core: StoreCore
    private let snapshotter: Snapshotter

    private init(core: StoreCore, snapshotter: Snapshotter) {
        self.core = core
        self.snapshotter = snapshotter
    }

    /// A store that is dropped without `close` ends like a killed process: nothing acknowledged is lost but
    /// batched writes of the last seconds, and the next start checks the file.
    deinit { core.queue.abandon() }

    /// Opens the file, or makes it, and loads everything; runs on the writer thread. Throws `corrupt` if the
    /// file is damaged and has no good snapshot, `unreadable` if it is of a newer edge or needs another key,
    /// `unavailable` if the disk does not answer or another process has the file.
    public static func open(_ options: StoreOptions) async throws(StorageError) -> ObjectStore {
        let result: Result<ObjectStore, StorageError> = await withCheckedContinuation { continuation in
            do throws(StorageError) {
                try DedicatedThread.start(name: "edge-store") { serve(options, opened: continuation) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// The life of the writer thread.
    private static func serve(_ options: StoreOptions, opened: CommitQueue.Reply<ObjectStore>) {
        let ending: (reply: CommitQueue.Reply<Void>, result: Result<Void, StorageError>)?
        do throws(StorageError) {
            let writer = try makeWriter(options)
            opened.resume(
                returning: .success(ObjectStore(core: writer.core, snapshotter: writer.snapshotter)))
            writer.snapshotter.noteStart()
            ending = writer.run()
        } catch {
            opened.resume(returning: .failure(error))
            return
        }
        // The writer is gone, and the file's lock with it.
        ending?.reply.resume(returning: ending?.result ?? .success(()))
    }

    private static func makeWriter(_ options: StoreOptions) throws(StorageError) -> StoreWriter {
        let loaded = try StoreOpener(options: options).open()
        let core = StoreCore(state: loaded.state, options: options)
        return StoreWriter(
            database: loaded.database, core: core, snapshotter: Snapshotter(core: core),
            nextRow: loaded.nextRow)
    }

    /// Writes what is left, marks the file clean, and closes it. Later writes throw `closed`; reads go on.
    public func close() async throws(StorageError) {
        core.memory.withLock { $0.isClosed = true }
        try await withCheckedContinuation { core.queue.close($0) }.get()
    }
}

// MARK: - snapshots and figures

extension ObjectStore {
    /// Replaces the rolling snapshot if something has changed since the last one; false if not.
    @discardableResult
    public func writeSnapshot() async throws(StorageError) -> Bool {
        let snapshotter = snapshotter
        return try await DedicatedThread.run(name: "edge-snapshot") { () throws(StorageError) in
            try snapshotter.writeSnapshot()
        }
    }

    /// Writes a consistent copy of everything to another file, while the store goes on working. A store that
    /// is opened on the copy skips the revisions that were used after it.
    public func backup(to path: String) async throws(StorageError) {
        let snapshotter = snapshotter
        try await DedicatedThread.run(name: "edge-backup") { () throws(StorageError) in
            try snapshotter.backUp(to: path)
        }
    }

    /// Brings batched writes to the disk now.
    public func flush() async throws(StorageError) {
        try await withCheckedContinuation { core.queue.requestFlush($0) }.get()
    }

    /// Writes all objects of a resource to the disk again, after its transformer has changed. Their revisions stay, and
    /// nobody who watches sees anything.
    public func rewrite(_ resource: String) async throws(StorageError) {
        try await withCheckedContinuation { core.queue.requestRewrite(of: resource, $0) }.get()
    }

    public var statistics: StorageStatistics {
        var figures = core.memory.withLock { $0.currentStatistics }
        figures.waiting = core.queue.waiting
        return figures
    }
}

extension MemoryState {
    fileprivate var currentStatistics: StorageStatistics {
        var figures = statistics
        for table in tables.values {
            figures.objects += table.index.count
            figures.objectBytes += table.objectBytes
            figures.historyBytes += table.history.bytes
            figures.subscriptions += table.subscribers.count
        }
        figures.unflushed = writeBehind.count
        return figures
    }
}
