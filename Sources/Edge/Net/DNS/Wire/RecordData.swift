internal import EdgeBase

/// What a record says.
enum RecordData: Hashable, Sendable {
    case address(IPAddress)
    /// CNAME, NS and PTR: a name, which may be compressed.
    case name(WireName)
    /// RFC 2782; its target is never compressed.
    case service(ServiceLocation)
    /// One string of at most 255 bytes.
    case text(String)
    case authority(ZoneAuthority)
    /// Anything else, as it travels; names within are not compressed.
    case raw([UInt8])
}

/// The data of an SRV record (RFC 2782).
struct ServiceLocation: Hashable, Sendable {
    var priority: UInt16 = 0
    var weight: UInt16
    var port: UInt16
    var target: WireName
}

/// The data of an SOA record (RFC 1035 section 3.3.13).
struct ZoneAuthority: Hashable, Sendable {
    var server: WireName
    var mailbox: WireName
    var serial: UInt32
    var refresh: UInt32 = 7200
    var retry: UInt32 = 1800
    var expire: UInt32 = 86400
    /// How long a negative answer may be kept, in seconds (RFC 2308).
    var minimum: UInt32
}
