import EdgeBase

@testable import EdgeDNS

func address(_ text: String) throws -> IPAddress {
    guard let address = IPAddress(text) else { throw DNSError.badDomain(text) }
    return address
}

func wire(_ text: String) throws -> WireName {
    guard let name = WireName(text) else { throw DNSError.badDomain(text) }
    return name
}

func zoneConfiguration() throws -> ZoneConfiguration {
    let networks = ["10.43.0.0/16", "10.42.0.0/16", "fd00:43::/112"].compactMap { CIDR($0) }
    guard
        let configuration = ZoneConfiguration(
            domain: "cluster.local", nameServerAddresses: [try address("10.43.0.10")], networks: networks,
            ttl: 5)
    else { throw DNSError.badDomain("cluster.local") }
    return configuration
}

/// The zone that most tests ask: one Service of each kind.
func sampleZone() throws -> DNSZone {
    var builder = DNSZoneBuilder(try zoneConfiguration())
    builder.setNamespace("default", exists: true)
    builder.setNamespace("empty", exists: true)
    func set(
        _ name: String, _ kind: ServiceEntry.Kind, _ ports: [ServiceEntry.Port] = [], publishes: Bool = false
    ) {
        let name = ServiceName(namespace: "default", name: name)
        builder.set(name, ServiceEntry(name: name, kind: kind, ports: ports, publishesNotReady: publishes))
    }
    func slice(
        _ service: String, _ name: String, _ ports: [ServiceEntry.Port], _ endpoints: [SliceEntry.Endpoint]
    ) {
        builder.set(
            ObjectKey(resource: "endpointslices.discovery.k8s.io", namespace: "default", name: name),
            SliceEntry(
                service: ServiceName(namespace: "default", name: service), ports: ports, endpoints: endpoints)
        )
    }
    func endpoint(_ text: String, _ host: String? = nil, ready: Bool = true) throws -> SliceEntry.Endpoint {
        SliceEntry.Endpoint(addresses: [try address(text)], hostname: host, isReady: ready)
    }
    let http = ServiceEntry.Port(name: "http", protocol: "TCP", port: 80)
    let bare = ServiceEntry.Port(name: "", protocol: "TCP", port: 5432)
    set("web", .clusterIP([try address("10.43.1.1"), try address("fd00:43::11")]), [http])
    slice("web", "web-1", [http], [try endpoint("10.42.0.9")])
    set("db", .headless, [bare])
    let named = ServiceEntry.Port(name: "pg", protocol: "TCP", port: 5432)
    slice(
        "db", "db-1", [named],
        [
            try endpoint("10.42.0.5", "db-0"), try endpoint("10.42.0.6", "db-1"),
            try endpoint("10.42.0.7", "db-2", ready: false),
        ])
    slice("db", "db-6", [named], [try endpoint("fd00:42::5", "db-0")])
    set("plain", .headless)
    slice("plain", "plain-1", [], [try endpoint("10.42.0.20"), try endpoint("fd00:42::20")])
    set("eager", .headless, publishes: true)
    slice("eager", "eager-1", [], [try endpoint("10.42.0.30", "e-0", ready: false)])
    set("none", .headless)
    slice("none", "none-1", [], [try endpoint("10.42.0.40", ready: false)])
    set("ext", .externalName(try wire("www.example.com")))
    set("near", .externalName(try wire("web.default.svc.cluster.local")))
    set("gone", .externalName(try wire("nothing.default.svc.cluster.local")))
    set("loop-a", .externalName(try wire("loop-b.default.svc.cluster.local")))
    set("loop-b", .externalName(try wire("loop-a.default.svc.cluster.local")))
    return builder.build()
}
