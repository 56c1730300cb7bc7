public import EdgeBase
public import Logging

/// How a store works; the defaults suit a server on a small host.
public struct StoreOptions: Sendable {
    /// The database file; its folder is made, and snapshots lie beside it.
    public var path: String
    public var logger: Logger
    /// Dates corrupt files and tells a snapshot's age.
    public var clock: any WallClock = SystemWallClock()
    /// By resource; a resource without one is stored as it is.
    public var transformers: [String: any ValueTransformer] = [:]

    /// How many changes of one resource a watch can reach back.
    public var historyCount = 1_000
    /// How many bytes of superseded versions one resource's history may keep alive.
    public var historyBytes = 1 << 20

    /// The longest time that a batched write stays in memory only.
    public var flushInterval = Duration.seconds(30)
    /// So many batched objects, or so many bytes of them, are flushed without waiting for the interval.
    public var flushCount = 1_000
    public var flushBytes = 512 << 10

    /// How many revisions are reserved on the disk ahead of use.
    public var revisionBlock: UInt64 = 1_000_000
    /// How many revisions a transaction leaves free before its own, for memory-only writes that happen while
    /// the disk works. Revisions grow; they need not be dense. Zero makes them dense, and memory-only
    /// writes wait for a transaction that is under way.
    public var revisionGap: UInt64 = 1_000

    /// More waiting groups than this are refused as unavailable.
    public var queueLimit = 10_000
    /// The write-ahead log is copied into the database when it has grown by so many bytes.
    public var checkpointBytes = 4 << 20

    /// The least time between two rolling snapshots; nil for none but those asked for.
    public var snapshotInterval: Duration? = .seconds(86_400)

    /// Calls a closure once, later. A test puts its own clock here.
    public var schedule: @Sendable (Duration, @escaping @Sendable () -> Void) -> Void

    /// Runs on the writer thread before each COMMIT: tests hold or fail the disk with it.
    var beforeDiskCommit: @Sendable () throws(SQLiteError) -> Void = {}

    public init(path: String, logger: Logger, timers: TimerQueue = TimerQueue()) {
        self.path = path
        self.logger = logger
        self.schedule = { delay, action in timers.schedule(after: delay, action) }
    }

    var snapshotPath: String { path + ".snapshot" }
    var previousSnapshotPath: String { path + ".snapshot.previous" }
}
