/// What the store has done since it was opened. Read on demand.
public struct StorageStatistics: Sendable, Hashable {
    /// Transactions that reached the disk for durable groups: each is one fsync.
    public var transactions = 0
    /// Groups in them, so that `groups / transactions` is the mean group size.
    public var groups = 0
    /// The most groups that shared one transaction.
    public var largestTransaction = 0
    /// Transactions that the disk refused.
    public var failedTransactions = 0
    /// Groups applied to memory alone, without waiting.
    public var memoryGroups = 0
    /// Transactions for batched objects.
    public var flushes = 0
    /// Copies of the write-ahead log into the database.
    public var checkpoints = 0
    /// Pages written to log and database, in bytes; snapshots included.
    public var bytesWritten = 0
    /// Snapshots and backups finished.
    public var snapshots = 0

    /// Objects in memory, and the bytes of their JSON.
    public var objects = 0
    public var objectBytes = 0
    /// Bytes of superseded versions that histories keep alive.
    public var historyBytes = 0
    public var subscriptions = 0
    /// Groups that wait for the disk, not counting those of the transaction that is being written.
    public var waiting = 0
    /// Batched objects that are not on the disk yet.
    public var unflushed = 0
}
