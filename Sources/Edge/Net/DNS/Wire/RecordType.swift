/// The type of a resource record or of a question (IANA "DNS Parameters").
struct RecordType: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt16

    static let a = Self(rawValue: 1)
    static let ns = Self(rawValue: 2)
    static let cname = Self(rawValue: 5)
    static let soa = Self(rawValue: 6)
    static let ptr = Self(rawValue: 12)
    static let mx = Self(rawValue: 15)
    static let txt = Self(rawValue: 16)
    static let aaaa = Self(rawValue: 28)
    static let srv = Self(rawValue: 33)
    static let opt = Self(rawValue: 41)
    static let ixfr = Self(rawValue: 251)
    static let axfr = Self(rawValue: 252)
    static let any = Self(rawValue: 255)
}

/// The class of a record; nothing but the Internet is served.
enum RecordClass {
    static let internet: UInt16 = 1
    static let any: UInt16 = 255
}
