import Testing

@testable import EdgeDNS

/// What the zone says, after "DNS-Based Service Discovery" 1.1.0. A reply is its answer records, `NODATA` or
/// `NXDOMAIN`.
@Suite struct DNSZoneTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var type: RecordType
        var expected: [String]
        init(_ name: String, _ type: RecordType, _ expected: String...) {
            self.name = name
            self.type = type
            self.expected = expected
        }
        var testDescription: String { "\(name) \(type.rawValue)" }
    }

    private static func ask(_ name: String, _ type: RecordType) throws -> [String] {
        let zone = try sampleZone()
        let question = try parsed(query(name, type, id: 0))
        switch ZoneResponder(zone: zone, limit: 65535).answer(question) {
        case .foreign: return ["foreign"]
        case .follow(let chain, let target): return ["follow \(chain.steps.count) \(target)"]
        case .reply(let bytes, let code):
            let reply = try Reply(bytes)
            #expect(reply.header.code == code)
            let isNegative = code == .nameError || reply.answers.last.map { $0.type == .cname } ?? true
            if isNegative, code != .serverFailure, type != .cname {
                #expect(reply.authorities.map(\.type) == [.soa])
                #expect(reply.authorities.first?.ttl == 5)
            }
            let word = code == .serverFailure ? ["SERVFAIL"] : code == .nameError ? ["NXDOMAIN"] : []
            return word.isEmpty && reply.answers.isEmpty ? ["NODATA"] : reply.texts + word
        }
    }

    @Test(arguments: [
        // 2.3 ClusterIP
        Case("web.default.svc.cluster.local", .a, "A 10.43.1.1"),
        Case("web.default.svc.cluster.local", .aaaa, "AAAA fd00:43::11"),
        Case("web.default.svc.cluster.local", .mx, "NODATA"),
        Case("_http._tcp.web.default.svc.cluster.local", .srv, "SRV 0 100 80 web.default.svc.cluster.local."),
        Case("_http._tcp.web.default.svc.cluster.local", .a, "NODATA"),
        Case("_tcp.web.default.svc.cluster.local", .srv, "NODATA"),
        Case("_http._udp.web.default.svc.cluster.local", .srv, "NXDOMAIN"),
        Case("1.1.43.10.in-addr.arpa", .ptr, "PTR web.default.svc.cluster.local."),
        Case(
            "1.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.4.0.0.0.0.d.f.ip6.arpa", .ptr,
            "PTR web.default.svc.cluster.local."),
        Case("10-42-0-9.web.default.svc.cluster.local", .a, "A 10.42.0.9"),
        Case("9.0.42.10.in-addr.arpa", .ptr, "NXDOMAIN"),
        // 2.4 headless
        Case("db.default.svc.cluster.local", .a, "A 10.42.0.5", "A 10.42.0.6"),
        Case("db.default.svc.cluster.local", .aaaa, "AAAA fd00:42::5"),
        Case("db-0.db.default.svc.cluster.local", .a, "A 10.42.0.5"),
        Case("db-0.db.default.svc.cluster.local", .aaaa, "AAAA fd00:42::5"),
        Case("db-1.db.default.svc.cluster.local", .aaaa, "NODATA"),
        Case("db-2.db.default.svc.cluster.local", .a, "NXDOMAIN"),
        Case(
            "_pg._tcp.db.default.svc.cluster.local", .srv, "SRV 0 33 5432 db-0.db.default.svc.cluster.local.",
            "SRV 0 33 5432 db-1.db.default.svc.cluster.local.",
            "SRV 0 33 5432 db-0.db.default.svc.cluster.local."),
        Case("6.0.42.10.in-addr.arpa", .ptr, "PTR db-1.db.default.svc.cluster.local."),
        Case("plain.default.svc.cluster.local", .a, "A 10.42.0.20"),
        Case("10-42-0-20.plain.default.svc.cluster.local", .a, "A 10.42.0.20"),
        Case("fd00-42--20.plain.default.svc.cluster.local", .aaaa, "AAAA fd00:42::20"),
        Case("20.0.42.10.in-addr.arpa", .ptr, "PTR 10-42-0-20.plain.default.svc.cluster.local."),
        Case("eager.default.svc.cluster.local", .a, "A 10.42.0.30"),
        Case("e-0.eager.default.svc.cluster.local", .a, "A 10.42.0.30"),
        Case("none.default.svc.cluster.local", .a, "NXDOMAIN"),
        // 2.5 ExternalName
        Case("ext.default.svc.cluster.local", .a, "follow 1 www.example.com."),
        Case("ext.default.svc.cluster.local", .cname, "CNAME www.example.com."),
        Case("near.default.svc.cluster.local", .a, "CNAME web.default.svc.cluster.local.", "A 10.43.1.1"),
        Case("near.default.svc.cluster.local", .mx, "CNAME web.default.svc.cluster.local."),
        Case(
            "gone.default.svc.cluster.local", .a, "CNAME nothing.default.svc.cluster.local.", "NXDOMAIN"),
        Case("loop-a.default.svc.cluster.local", .a, "SERVFAIL"),
        // 2.1 version, pods, and the names in between
        Case("dns-version.cluster.local", .txt, "TXT 1.1.0"),
        Case("10-42-3-4.default.pod.cluster.local", .a, "A 10.42.3.4"),
        Case("10-42-3-4.default.pod.cluster.local", .aaaa, "NODATA"),
        Case("fd00-42--7.default.pod.cluster.local", .aaaa, "AAAA fd00:42::7"),
        Case("10-42-3.default.pod.cluster.local", .a, "NXDOMAIN"),
        Case("10-42-3-256.default.pod.cluster.local", .a, "NXDOMAIN"),
        Case("10-42-3-4.nowhere.pod.cluster.local", .a, "NXDOMAIN"),
        Case("x.10-42-3-4.default.pod.cluster.local", .a, "NXDOMAIN"),
        Case("default.pod.cluster.local", .a, "NODATA"),
        Case("default.svc.cluster.local", .a, "NODATA"),
        Case("empty.svc.cluster.local", .a, "NODATA"),
        Case("nowhere.svc.cluster.local", .a, "NXDOMAIN"),
        Case("svc.cluster.local", .a, "NODATA"),
        Case("pod.cluster.local", .a, "NODATA"),
        Case("cluster.local", .a, "NODATA"),
        Case("cluster.local", .soa, "SOA ns.dns.cluster.local. 5"),
        Case("cluster.local", .ns, "NS ns.dns.cluster.local."),
        Case("ns.dns.cluster.local", .a, "A 10.43.0.10"),
        // Misses of search paths, and what is not the cluster's
        Case("www.example.com.default.svc.cluster.local", .a, "NXDOMAIN"),
        Case("www.example.com.cluster.local", .aaaa, "NXDOMAIN"),
        Case("web.default", .a, "foreign"),
        Case("www.example.com", .a, "foreign"),
        Case("local", .a, "foreign"),
        Case("9.9.43.10.in-addr.arpa", .ptr, "NXDOMAIN"),
        Case("9.43.10.in-addr.arpa", .ptr, "NODATA"),
        Case("10.in-addr.arpa", .ptr, "foreign"),
        Case("1.1.168.192.in-addr.arpa", .ptr, "foreign"),
    ])
    func answers(_ item: Case) throws {
        #expect(try Self.ask(item.name, item.type) == item.expected)
    }

    @Test func findsNamesInAnyCase() throws {
        #expect(try Self.ask("WeB.DeFault.SVC.cluster.LOCAL", .a) == ["A 10.43.1.1"])
    }
}
