public import EdgeBase

/// One change of one object inside an atomic group.
public struct Mutation: Sendable {
    /// What must hold of the newest version for the change to happen.
    public enum Precondition: Sendable, Hashable {
        case none
        /// There is no such object: a create.
        case absent
        /// There is one, whatever its revision.
        case exists
        /// The newest version carries this revision: compare and swap.
        case revision(UInt64)
    }

    public enum Change: Sendable {
        case put(PendingObject)
        case delete
    }

    /// What a crash may undo. A group with several classes is treated as its strongest member, so that it
    /// survives as a whole or not at all.
    public enum Durability: Int, Sendable, Comparable {
        /// Lives in memory only: lease renewals, heartbeats. Never waits for the disk. A deletion of an
        /// object that has a row on the disk is treated as durable, or a restart would bring it back.
        case volatile
        /// Visible at once, on the disk within `StoreOptions.flushInterval`: Events.
        case batched
        /// On the disk before it is acknowledged or visible.
        case durable

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    public let key: ObjectKey
    public let precondition: Precondition
    public let change: Change
    public let durability: Durability

    public init(
        _ key: ObjectKey, _ change: Change, if precondition: Precondition = .none,
        durability: Durability = .durable
    ) {
        self.key = key
        self.change = change
        self.precondition = precondition
        self.durability = durability
    }
}
