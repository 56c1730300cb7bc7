internal import EdgeBase

/// One resource in memory: its objects, its recent changes, and who watches it.
struct ResourceTable: Sendable {
    /// The resource's name, so that all its keys share one string.
    let resource: String
    private(set) var index: ResourceIndex
    private(set) var history: ChangeHistory
    var subscribers = SubscriberTable()
    /// The revision of the newest change; of the store's start if there was none since.
    private(set) var revision: UInt64
    /// The JSON of all current objects, in bytes.
    private(set) var objectBytes: Int

    init(resource: String, index: ResourceIndex, start: UInt64) {
        self.resource = resource
        self.index = index
        history = ChangeHistory(start: start)
        revision = start
        objectBytes = 0
        index.forEach { objectBytes += $0.object.bytes.count }
    }

    /// Makes a change visible. `row` is where the new version lies, or will lie, on the disk.
    mutating func apply(_ change: ObjectChange, row: Int64, limits: HistoryLimits) {
        let key = change.object.key
        objectBytes -= change.previous?.bytes.count ?? 0
        if change.kind == .deleted {
            index.remove(namespace: key.namespace, name: key.name)
        } else {
            objectBytes += change.object.bytes.count
            index.put(ResourceIndex.Entry(object: change.object, row: row))
        }
        revision = change.revision
        history.append(change)
        while let dropped = history.trim(count: limits.count, bytes: limits.bytes) {
            subscribers.noteDropped(dropped.revision, namespace: dropped.object.key.namespace)
        }
    }

    /// Notes where a flushed object lies now.
    mutating func setRow(_ row: Int64, of key: ObjectKey) {
        guard let entry = index.entry(namespace: key.namespace, name: key.name) else { return }
        index.put(ResourceIndex.Entry(object: entry.object, row: row))
    }
}

/// The bounds of each resource's history.
struct HistoryLimits: Sendable {
    let count: Int
    let bytes: Int
}
