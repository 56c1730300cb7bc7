/// How a query went: RFC 1035 section 4.1.1, and RFC 6891 section 6.1.3 for those above 15, whose upper bits
/// travel in the OPT record.
struct ResponseCode: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt16

    static let noError = Self(rawValue: 0)
    static let formatError = Self(rawValue: 1)
    static let serverFailure = Self(rawValue: 2)
    static let nameError = Self(rawValue: 3)
    static let notImplemented = Self(rawValue: 4)
    static let refused = Self(rawValue: 5)
    static let badVersion = Self(rawValue: 16)
}
