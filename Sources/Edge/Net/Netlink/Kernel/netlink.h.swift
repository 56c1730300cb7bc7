// What Swift's Glibc module lacks of linux/netlink.h.

/// Socket options at level SOL_NETLINK.
enum NetlinkOption {
    static let level: Int32 = 270
    static let addMembership: Int32 = 1
    static let capAck: Int32 = 10
    static let extendedAck: Int32 = 11
    static let strictCheck: Int32 = 12
}

/// `NETLINK_*`: the family of a netlink socket.
enum NetlinkFamily: Int32 {
    case route = 0
    case netfilter = 12
}

/// `NLMSG_*`: message types that every family shares.
enum NLMSG {
    static let noop: UInt16 = 1
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let overrun: UInt16 = 4
    static let headerLength = 16
}

/// `NLM_F_*`: flags of a message; the values above 0x80 mean different things in requests, dumps and acks.
enum NLMFlag {
    static let request: UInt16 = 0x1
    static let multi: UInt16 = 0x2
    static let ack: UInt16 = 0x4
    static let dumpInterrupted: UInt16 = 0x10

    static let dump: UInt16 = 0x300

    static let replace: UInt16 = 0x100
    static let exclusive: UInt16 = 0x200
    static let create: UInt16 = 0x400
    static let append: UInt16 = 0x800

    static let ackCapped: UInt16 = 0x100
    static let ackAttributes: UInt16 = 0x200
}

/// `NLMSGERR_ATTR_*`
enum NLMSGERR {
    static let message: UInt16 = 1
}

/// `NLA_*`
enum NLA {
    static let nested: UInt16 = 0x8000
    static let typeMask: UInt16 = 0x3fff
    static let headerLength = 4
}
