internal import EdgeBase

/// What of the zone does not come from objects.
struct ZoneConfiguration: Sendable {
    /// The version of Kubernetes' "DNS-Based Service Discovery" that the zone follows.
    static let specificationVersion = "1.1.0"

    let domain: WireName
    /// `svc.<domain>`.
    let services: WireName
    /// `pod.<domain>`.
    let pods: WireName
    /// `ns.dns.<domain>`, the name server of the zone, as CoreDNS calls it.
    let nameServer: WireName
    let mailbox: WireName
    let nameServerAddresses: [IPAddress]
    /// The networks of Services and pods, whose reverse zones are edge's own.
    let networks: [CIDR]
    /// Seconds, for records and for negative answers.
    let ttl: UInt32

    /// Nil for a domain that leaves no room for names within it.
    init?(domain: String, nameServerAddresses: [IPAddress], networks: [CIDR], ttl: UInt32) {
        guard let domain = WireName(domain), domain != .root, domain.bytes.count <= 128,
            let services = domain.prefixed(by: "svc"), let pods = domain.prefixed(by: "pod"),
            let nameServer = domain.prefixed(by: "dns")?.prefixed(by: "ns"),
            let mailbox = domain.prefixed(by: "hostmaster")
        else { return nil }
        self.domain = domain
        self.services = services
        self.pods = pods
        self.nameServer = nameServer
        self.mailbox = mailbox
        self.nameServerAddresses = nameServerAddresses
        self.networks = networks
        self.ttl = ttl
    }

    /// The records that are there whatever the objects.
    var staticRecords: [WireName: ZoneRecords] {
        var records = [domain: ZoneRecords(), services: ZoneRecords(), pods: ZoneRecords()]
        var server = ZoneRecords()
        for address in nameServerAddresses { server.add(address) }
        records[nameServer] = server
        if let parent = domain.prefixed(by: "dns") { records[parent] = ZoneRecords() }
        if let version = domain.prefixed(by: "dns-version") {
            records[version] = ZoneRecords(text: Self.specificationVersion)
        }
        return records
    }

    /// Whether a name belongs to edge, so that no question about it may leave the cluster.
    func owns(_ name: WireName) -> Bool { zone(of: name) != nil }

    /// The zone of a name of edge's own: its domain, or the reverse zone of one of its networks.
    func zone(of name: WireName) -> WireName? {
        if name.isWithin(domain) { return domain }
        guard let asked = ReverseName.network(of: name) else { return nil }
        return networks.first { network in
            network.contains(asked.firstAddress) && asked.prefixLength >= network.prefixLength
        }.map(ReverseName.zone(of:))
    }

    func authority(serial: UInt32) -> ZoneAuthority {
        ZoneAuthority(server: nameServer, mailbox: mailbox, serial: serial, minimum: ttl)
    }
}
