// What Swift's Glibc module lacks of linux/netfilter/nfnetlink.h.

enum NFNL {
    /// Subsystems: the high byte of a message type.
    static let subsystemConntrack: UInt16 = 1 << 8
    static let subsystemNFTables: UInt16 = 10 << 8

    static let batchBegin: UInt16 = 16
    static let batchEnd: UInt16 = 17
    /// The resource id of a batch: which subsystem the messages in it belong to.
    static let nfTables: UInt16 = 10

    static let groupNFTables: Int32 = 7

    enum Batch {
        static let generation: UInt16 = 1
    }
}
