/// Hands out the cluster's revisions: one growing number for all resources.
///
///     0 ......... current | gap for memory-only writes | the transaction's own ...... reserved
///                         `-- while the disk works --'   first
///
/// A transaction takes its revisions before the disk has it, and memory-only writes must not wait for the
/// disk, nor may they become visible with a greater revision than a change that is not visible yet (a watcher
/// that has seen the greater one would miss the smaller one). So a transaction leaves a gap, and memory-only
/// writes take their revisions from it.
///
/// Every revision up to `reserved` may have been used: the next start begins there. The mark lies on the disk
/// and moves in blocks, so that memory-only writes cost no disk writes of their own.
struct RevisionCounter: Sendable {
    /// The revision of the newest visible change.
    private(set) var current: UInt64
    /// The mark on the disk.
    private(set) var reserved: UInt64
    private var transactionFirst: UInt64?
    private let block: UInt64
    private let gap: UInt64

    init(current: UInt64, reserved: UInt64, block: UInt64, gap: UInt64) {
        self.current = current
        self.reserved = reserved
        self.block = max(block, 1)
        self.gap = gap
    }

    /// The first of `count` revisions that can be used at once; nil when the writer must be asked.
    func firstAtOnce(count: Int) -> UInt64? {
        let limit = min(transactionFirst.map { $0 - 1 } ?? reserved, reserved)
        return current + UInt64(count) <= limit ? current + 1 : nil
    }

    /// Begins a transaction of at most `count` changes: its first revision, and the mark to write with it if
    /// the reserved block runs low.
    mutating func beginTransaction(count: Int) -> (first: UInt64, mark: UInt64?) {
        let first = current + gap + 1
        transactionFirst = first
        let last = first + UInt64(count)
        return (first, last + block / 2 > reserved ? last + block : nil)
    }

    /// Ends it; `mark` is the one that is on the disk now.
    mutating func endTransaction(mark: UInt64?) {
        transactionFirst = nil
        if let mark { reserved = max(reserved, mark) }
    }

    /// A change has become visible.
    mutating func advance(to revision: UInt64) { current = max(current, revision) }

    /// Whether less than half of a block is left, so that the writer should reserve another one now.
    var runsLow: Bool { current + block / 2 > reserved }

    /// The mark to reserve, if it is time for one.
    var markIfLow: UInt64? { runsLow ? current + block : nil }
}
