// What Swift's Glibc module lacks of linux/neighbour.h.

/// Attributes of a neighbour or forwarding database entry.
enum NDA {
    static let destination: UInt16 = 1
    static let linkAddress: UInt16 = 2
}

enum NTF {
    static let own: UInt8 = 0x02
}

enum NUD {
    static let noARP: UInt16 = 0x40
    static let permanent: UInt16 = 0x80
}
