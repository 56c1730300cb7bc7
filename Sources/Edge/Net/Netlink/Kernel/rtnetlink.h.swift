// What Swift's Glibc module lacks of linux/rtnetlink.h.

enum RTM {
    static let newLink: UInt16 = 16
    static let delLink: UInt16 = 17
    static let getLink: UInt16 = 18
    static let setLink: UInt16 = 19
    static let newAddress: UInt16 = 20
    static let delAddress: UInt16 = 21
    static let getAddress: UInt16 = 22
    static let newRoute: UInt16 = 24
    static let delRoute: UInt16 = 25
    static let getRoute: UInt16 = 26
    static let newNeighbour: UInt16 = 28
    static let delNeighbour: UInt16 = 29
    static let getNeighbour: UInt16 = 30
}

/// Attributes of a route.
enum RTA {
    static let destination: UInt16 = 1
    static let outputInterface: UInt16 = 4
    static let gateway: UInt16 = 5
    static let priority: UInt16 = 6
    static let preferredSource: UInt16 = 7
    static let multipath: UInt16 = 9
    static let table: UInt16 = 15
    static let via: UInt16 = 18
}

enum RTNH {
    static let onLink: UInt32 = 4
}

enum RTNLGRP {
    static let link: Int32 = 1
    static let ipv4Address: Int32 = 5
    static let ipv4Route: Int32 = 7
    static let ipv6Address: Int32 = 9
    static let ipv6Route: Int32 = 11
}

/// Which parts of a link a dump shows.
enum RTEXTFilter {
    static let skipStatistics: UInt32 = 8
}
