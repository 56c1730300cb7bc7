import EdgeBase
import Testing

@testable import EdgeDNS

@Suite struct DNSZoneBuilderTests {
    private static func change(
        _ resource: String, _ name: String, _ json: String, kind: ObjectChange.Kind = .added,
        namespace: String = "default"
    ) -> ObjectChange {
        let key = ObjectKey(resource: resource, namespace: namespace, name: name)
        return ObjectChange(
            kind: kind, object: EncodedObject(key: key, revision: 1, bytes: Array(json.utf8)), previous: nil)
    }

    static let service = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"db","namespace":"default"},
        "spec":{"clusterIP":"None","ports":[{"name":"pg","protocol":"TCP","port":5432}]}}
        """

    static func slice(_ endpoints: String) -> String {
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"db-x","namespace":"default",
        "labels":{"kubernetes.io/service-name":"db"}},"addressType":"IPv4","endpoints":[\(endpoints)],
        "ports":[{"name":"pg","protocol":"TCP","port":5432}]}
        """
    }

    private static func addresses(_ zone: DNSZone, _ name: String) throws -> [String]? {
        let name = try wire(name)
        return zone[name]?.v4.map(\.description)
    }

    @Test func followsObjects() throws {
        let slices = "endpointslices.discovery.k8s.io"
        var builder = DNSZoneBuilder(try zoneConfiguration())
        let name = "db.default.svc.cluster.local"
        // The slice may come before its Service.
        let two = #"{"addresses":["10.42.0.5"],"hostname":"db-0"},{"addresses":["10.42.0.6"]}"#
        #expect(builder.apply(Self.change(slices, "db-x", Self.slice(two))) == nil)
        let before = builder.build()
        #expect(try Self.addresses(before, name) == nil)
        #expect(builder.apply(Self.change("services", "db", Self.service)) == nil)
        let both = builder.build()
        #expect(try Self.addresses(both, name) == ["10.42.0.5", "10.42.0.6"])
        #expect(try Self.addresses(both, "db-0." + name) == ["10.42.0.5"])
        #expect(
            try both[wire("5.0.42.10.in-addr.arpa")]?.pointers.map(\.description) == ["db-0." + name + "."])

        let one = #"{"addresses":["10.42.0.6"],"conditions":{"ready":true}}"#
        #expect(builder.apply(Self.change(slices, "db-x", Self.slice(one), kind: .modified)) == nil)
        let later = builder.build()
        #expect(try Self.addresses(later, name) == ["10.42.0.6"])
        #expect(try later[wire("db-0." + name)] == nil)
        #expect(try later[wire("5.0.42.10.in-addr.arpa")] == nil)
        #expect(later.serial != both.serial)
        // A zone that a reader still holds does not change.
        #expect(try Self.addresses(both, "db-0." + name) == ["10.42.0.5"])

        #expect(builder.apply(Self.change("services", "db", Self.service, kind: .deleted)) == nil)
        let gone = builder.build()
        #expect(try gone[wire(name)] == nil)
        #expect(try gone[wire("_pg._tcp." + name)] == nil)
        #expect(try gone[wire("default.svc.cluster.local")] == nil)
        #expect(gone.table.count == DNSZoneBuilder(try zoneConfiguration()).configuration.staticRecords.count)
    }

    @Test func keepsNamespacesApartFromTheirServices() throws {
        var builder = DNSZoneBuilder(try zoneConfiguration())
        let name = try wire("shop.svc.cluster.local")
        _ = builder.apply(Self.change("namespaces", "shop", "{}", namespace: ""))
        #expect(builder.build()[name] == ZoneRecords())
        _ = builder.apply(Self.change("namespaces", "shop", "{}", kind: .deleted, namespace: ""))
        #expect(builder.build()[name] == nil)
    }

    @Test func givesAnAddressAllItsChosenNames() throws {
        var builder = DNSZoneBuilder(try zoneConfiguration())
        for (service, host) in [("a", "h"), ("b", nil), ("c", "h")] as [(String, String?)] {
            let name = ServiceName(namespace: "default", name: service)
            builder.set(name, ServiceEntry(name: name, kind: .headless))
            builder.set(
                ObjectKey(resource: "endpointslices.discovery.k8s.io", namespace: "default", name: service),
                SliceEntry(
                    service: name,
                    endpoints: [.init(addresses: [try address("10.42.0.5")], hostname: host)]))
        }
        let reverse = try wire("5.0.42.10.in-addr.arpa")
        #expect(
            builder.build()[reverse]?.pointers.map(\.description)
                == ["h.a.default.svc.cluster.local.", "h.c.default.svc.cluster.local."])
    }

    @Test func reportsDamagedObjects() throws {
        var builder = DNSZoneBuilder(try zoneConfiguration())
        #expect(builder.apply(Self.change("services", "db", "{")) != nil)
        #expect(try builder.build()[wire("db.default.svc.cluster.local")] == nil)
    }
}
