internal import EdgeBase
internal import HashTreeCollections

/// The cluster's names at one moment: an immutable value that every query reads without a lock.
final class DNSZone: Sendable {
    typealias Table = TreeDictionary<WireName, ZoneRecords>

    enum Finding: Sendable {
        /// The name exists; it may have no records of the type asked for.
        case found(ZoneRecords)
        /// A name of edge's own that does not exist: NXDOMAIN.
        case missing
        /// Not a name of edge's.
        case foreign
    }

    let configuration: ZoneConfiguration
    let table: Table
    let serial: UInt32

    init(configuration: ZoneConfiguration, table: Table, serial: UInt32) {
        self.configuration = configuration
        self.table = table
        self.serial = serial
    }

    /// The records that the table has for a name.
    subscript(name: WireName) -> ZoneRecords? { table[name] }

    func find(_ name: WireName) -> Finding {
        if let records = table[name] { return .found(records) }
        if name.isWithin(configuration.domain) {
            return name.isWithin(configuration.pods) ? findPod(name) : .missing
        }
        guard let network = ReverseName.network(of: name), configuration.owns(name) else { return .foreign }
        let isWhole = network.prefixLength == network.firstAddress.bitWidth
        return isWhole ? .missing : .found(ZoneRecords())
    }

    /// `<a-b-c-d>.<namespace>.pod.<domain>`: the address is in the name, only the namespace must exist.
    private func findPod(_ name: WireName) -> Finding {
        let labels = name.labels(before: configuration.pods)
        guard labels.count <= 2, let namespace = labels.last,
            let services = WireName(labels: [namespace], under: configuration.services),
            table[services] != nil
        else { return .missing }
        if labels.count == 1 { return .found(ZoneRecords()) }
        guard let address = labels.first.flatMap(Self.address(in:)) else { return .missing }
        var records = ZoneRecords()
        records.add(address)
        return .found(records)
    }

    /// Three dashes that do not touch are an IPv4 address, anything else is tried as IPv6.
    private static func address(in label: ArraySlice<UInt8>) -> IPAddress? {
        func text(_ separator: Unicode.Scalar) -> String {
            String(
                decoding: label.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: separator) : $0 }, as: UTF8.self)
        }
        if let address = IPv4Address(text(".")) { return .v4(address) }
        return IPv6Address(text(":")).map(IPAddress.v6)
    }
}
