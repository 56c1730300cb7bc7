// What Swift's Glibc module lacks of linux/netfilter/nfnetlink_conntrack.h.

enum IPCTNL {
    static let new: UInt16 = NFNL.subsystemConntrack
    static let get: UInt16 = NFNL.subsystemConntrack | 1
    static let delete: UInt16 = NFNL.subsystemConntrack | 2
}

/// Attributes of a conntrack entry.
enum CTA {
    static let original: UInt16 = 1
    static let reply: UInt16 = 2
    static let status: UInt16 = 3
    static let id: UInt16 = 12
    static let zone: UInt16 = 18

    enum Tuple {
        static let ip: UInt16 = 1
        static let proto: UInt16 = 2
    }

    enum IP {
        static let sourceV4: UInt16 = 1
        static let destinationV4: UInt16 = 2
        static let sourceV6: UInt16 = 3
        static let destinationV6: UInt16 = 4
    }

    enum Proto {
        static let number: UInt16 = 1
        static let sourcePort: UInt16 = 2
        static let destinationPort: UInt16 = 3
    }
}
