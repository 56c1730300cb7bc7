internal import EdgeBase

/// The records of one name; with none of them the name exists all the same (an empty non-terminal).
struct ZoneRecords: Hashable, Sendable {
    var v4: [IPv4Address] = []
    var v6: [IPv6Address] = []
    var locations: [ServiceLocation] = []
    var pointers: [WireName] = []
    /// The target of a CNAME, which stands alone.
    var alias: WireName?
    var text: String?

    mutating func add(_ address: IPAddress) {
        switch address {
        case .v4(let address): if !v4.contains(address) { v4.append(address) }
        case .v6(let address): if !v6.contains(address) { v6.append(address) }
        }
    }

    /// The data of one type, or of every type for ANY.
    func data(_ type: RecordType) -> [RecordData] {
        switch type {
        case .a: v4.map { .address(.v4($0)) }
        case .aaaa: v6.map { .address(.v6($0)) }
        case .srv: locations.map { .service($0) }
        case .ptr: pointers.map { .name($0) }
        case .txt: text.map { [.text($0)] } ?? []
        default: []
        }
    }

    /// The types that this name has records of.
    static let types: [RecordType] = [.a, .aaaa, .srv, .ptr, .txt]
}
