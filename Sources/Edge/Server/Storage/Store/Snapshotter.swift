internal import EdgeBase
internal import Logging
internal import Synchronization

/// Writes copies of the store: the rolling snapshot beside the database, and backups anywhere else.
///
/// A copy is written from memory, not from the database file: memory is whole and consistent at one revision,
/// a damaged page of the file cannot get into its own rescue, the writer thread is not held up, and the new
/// file comes out compact. The two newest snapshots are kept.
final class Snapshotter: Sendable {
    private struct State {
        var isArmed = false
        var isWriting = false
        /// What the newest snapshot holds; nil before the first one since the store was opened.
        var savedRevision: UInt64?
    }

    private let core: StoreCore
    private let state = Mutex(State())

    init(core: StoreCore) { self.core = core }

    private var options: StoreOptions { core.options }

    /// Something has been written: a snapshot is due some time, unless one is waiting already.
    func noteChange() {
        guard let interval = options.snapshotInterval else { return }
        let isFirst = state.withLock { state in
            defer { state.isArmed = true }
            return !state.isArmed
        }
        guard isFirst else { return }
        options.schedule(SnapshotSchedule.delay(age: age, interval: interval)) { [weak self] in
            self?.writeOnOwnThread()
        }
    }

    /// A store that starts without a recent snapshot needs one even if nothing changes any more.
    func noteStart() {
        guard let interval = options.snapshotInterval else { return }
        if let age, age >= .zero, age < interval { return }
        noteChange()
    }

    private var age: Duration? {
        StoreFiles.attributes(options.snapshotPath).map { options.clock.now - $0.changed }
    }

    private func writeOnOwnThread() {
        do throws(StorageError) {
            try DedicatedThread.start(name: "edge-snapshot") { [weak self] in
                guard let self else { return }
                do throws(StorageError) { _ = try self.writeSnapshot() } catch { self.report(error) }
            }
        } catch {
            report(error)
        }
        state.withLock { $0.isArmed = false }
    }

    private func report(_ error: StorageError) {
        options.logger.warning("the database's snapshot was not written", metadata: ["cause": "\(error)"])
    }

    /// Makes the snapshot anew and keeps none before it: what was written differently then must not stay.
    func renew() throws(StorageError) {
        guard options.snapshotInterval != nil || StoreFiles.exists(options.snapshotPath) else { return }
        state.withLock { $0.savedRevision = nil }
        guard try writeSnapshot() else { return }
        StoreFiles.remove(options.previousSnapshotPath)
    }

    /// Replaces the rolling snapshot if something has changed since; blocks. False if there was nothing to do.
    func writeSnapshot() throws(StorageError) -> Bool {
        let revision = core.memory.withLock { $0.storedRevision }
        let begin = state.withLock { state in
            guard !state.isWriting, state.savedRevision != revision else { return false }
            state.isWriting = true
            return true
        }
        guard begin else { return false }
        defer { state.withLock { $0.isWriting = false } }
        let path = options.snapshotPath
        let saved = try writeFile(path + ".new")
        if StoreFiles.exists(path) { try StoreFiles.move(path, to: options.previousSnapshotPath) }
        try StoreFiles.move(path + ".new", to: path)
        state.withLock { $0.savedRevision = saved }
        return true
    }

    /// Writes a copy of the store to any file; blocks. An existing file is replaced once the copy is whole.
    func backUp(to path: String) throws(StorageError) {
        try StoreFiles.makeFolder(of: path)
        _ = try writeFile(path + ".new")
        try StoreFiles.move(path + ".new", to: path)
    }

    /// Writes a copy of all objects; returns the stored revision that it holds.
    private func writeFile(_ path: String) throws(StorageError) -> UInt64 {
        let (copy, stored) = core.memory.withLock { state in
            (
                DatabaseCopy(
                    tables: state.tables, mark: state.revisions.reserved, purpose: .snapshot, options: options
                ),
                state.storedRevision
            )
        }
        try copy.write(to: path)
        let size = StoreFiles.attributes(path)?.size ?? 0
        core.memory.withLock { state in
            state.statistics.snapshots += 1
            state.statistics.bytesWritten += size
        }
        return stored
    }
}
