// What Swift's Glibc module lacks of linux/if_addr.h.

/// Attributes of an interface address.
enum IFA {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
    static let flags: UInt16 = 8

    enum Flag {
        static let noDAD: UInt32 = 0x02
        static let noPrefixRoute: UInt32 = 0x200
    }
}
