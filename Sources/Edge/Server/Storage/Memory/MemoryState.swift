internal import EdgeBase

/// Everything that readers see, guarded by the store's one mutex. All its operations are short: none touches
/// the disk, and a list takes only a reference to the index.
struct MemoryState: Sendable {
    /// What a writer has to know of an object: its newest version, and its row on the disk (0 for none; a
    /// deleted object may still have one that waits for its flush).
    struct Slot: Sendable {
        var object: EncodedObject?
        var row: Int64
    }

    private(set) var tables: [String: ResourceTable]
    var revisions: RevisionCounter
    var writeBehind = WriteBehind()
    /// What the transaction that is being written found; nobody else may change these objects until it ends.
    private(set) var inFlight: [ObjectKey: Slot] = [:]
    /// Moves whenever something changes that belongs on the disk: tells the snapshotter of news.
    private(set) var storedRevision: UInt64
    var statistics = StorageStatistics()
    var nextSubscription: UInt64 = 0
    var flushIsArmed = false
    /// No write is accepted any more.
    var isClosed = false
    /// The revision at which the store was opened: all histories begin there.
    let start: UInt64
    private let limits: HistoryLimits

    init(tables: [String: ResourceTable], revisions: RevisionCounter, limits: HistoryLimits) {
        self.tables = tables
        self.revisions = revisions
        self.limits = limits
        start = revisions.current
        storedRevision = revisions.current
    }

    subscript(resource: String) -> ResourceTable {
        get { tables[resource] ?? ResourceTable(resource: resource, index: ResourceIndex(), start: start) }
        _modify {
            yield &tables[
                resource, default: ResourceTable(resource: resource, index: ResourceIndex(), start: start)]
        }
    }

    func slot(_ key: ObjectKey) -> Slot {
        if let entry = tables[key.resource]?.index.entry(namespace: key.namespace, name: key.name) {
            return Slot(object: entry.object, row: entry.row)
        }
        return Slot(object: nil, row: writeBehind.deadRows[key] ?? 0)
    }
}

// MARK: - transactions

extension MemoryState {
    /// Claims objects for the transaction that the writer is about to make, and reads their newest versions.
    mutating func claim(_ keys: some Sequence<ObjectKey>) -> [ObjectKey: Slot] {
        var slots: [ObjectKey: Slot] = [:]
        for key in keys where slots[key] == nil { slots[key] = slot(key) }
        inFlight = slots
        return slots
    }

    /// The transaction is over, whether it succeeded or not.
    mutating func release() { inFlight = [:] }

    /// Makes planned changes visible, in revision order. `rows` tells for each object that a transaction has
    /// written where it lies now (0: deleted); objects that it does not name are memory-only ones.
    mutating func publish(_ changes: [CommitPlan.Change], rows: [ObjectKey: Int64]) -> WakeList {
        for planned in changes {
            let change = planned.change
            let row = noteDisk(planned, row: rows[change.object.key])
            self[change.object.key.resource].apply(change, row: row, limits: limits)
            revisions.advance(to: change.revision)
            if planned.durability != .volatile { storedRevision = change.revision }
        }
        return wakes(changes)
    }

    /// Keeps book of what the disk has; returns the row of the new version.
    private mutating func noteDisk(_ planned: CommitPlan.Change, row: Int64?) -> Int64 {
        let object = planned.change.object
        if let row {
            writeBehind.forget(object.key)
            return row
        }
        let existing = slot(object.key).row
        if planned.change.kind == .deleted {
            writeBehind.noteDelete(object.key, existingRow: existing)
            return 0
        }
        return writeBehind.notePut(object, existingRow: existing, isBatched: planned.durability == .batched)
    }

    /// Claims everything that a flush has to write.
    mutating func claimForFlush() -> [ObjectKey: Slot] {
        writeBehind.beginFlush()
        return claim(writeBehind.dirty.union(writeBehind.deadRows.keys))
    }

    /// Batched objects have been flushed to these rows (0: deleted).
    mutating func noteFlushed(_ rows: [ObjectKey: Int64]) {
        for (key, row) in rows {
            writeBehind.forget(key)
            if row != 0 { self[key.resource].setRow(row, of: key) }
        }
    }

    private func wakes(_ changes: [CommitPlan.Change]) -> WakeList {
        var namespaces: [String: Set<String>] = [:]
        for planned in changes {
            let key = planned.change.object.key
            guard let table = tables[key.resource], !table.subscribers.isEmpty else { continue }
            namespaces[key.resource, default: []].insert(key.namespace)
        }
        var list = WakeList()
        for (resource, changed) in namespaces {
            list.groups += tables[resource]?.subscribers.callbacks(for: changed) ?? []
        }
        return list
    }
}

/// Callbacks to run once the mutex is free.
struct WakeList: Sendable {
    var groups: [SubscriberTable.Callbacks] = []

    func run() {
        for group in groups {
            for callback in group.values { callback() }
        }
    }
}
