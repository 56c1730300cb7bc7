import EdgeBase
import Testing

@testable import EdgeDNS

@Suite struct ZoneResponderTests {
    private static func reply(_ message: [UInt8], limit: Int = 512) throws -> [UInt8] {
        let zone = try sampleZone()
        guard case .reply(let bytes, _) = ZoneResponder(zone: zone, limit: limit).answer(try parsed(message))
        else { throw MessageError.badRecord("answer", offset: 0) }
        return bytes
    }

    @Test func writesAnAddress() throws {
        let expected = hex(
            """
            1234 8580           # id; QR AA RD RA
            0001 0001 0000 0001 # one answer, OPT
            03 576562 07 64656661756c74 03 737663 07 636c7573746572 05 6c6f63616c 00 # Web.default.svc.cluster.local
            0001 0001           # A IN
            c00c 0001 0001      # the question's name, A IN
            00000005 0004       # 5 s, 4 bytes
            0a2b0101            # 10.43.1.1
            00 0029 04d0        # OPT, 1232 bytes
            00 00 0000 0000
            """)
        #expect(try Self.reply(query("Web.default.svc.cluster.local", .a, edns: 1232)) == expected)
    }

    @Test func writesADenial() throws {
        let expected = hex(
            """
            1234 8583           # id; QR AA RD RA NXDOMAIN
            0001 0000 0001 0000 # one authority
            01 78 07 636c7573746572 05 6c6f63616c 00 # x.cluster.local
            0001 0001           # A IN
            c00e 0006 0001      # cluster.local SOA IN
            00000005 002a       # 5 s, 42 bytes
            02 6e73 03 646e73 c00e         # ns.dns.cluster.local
            0a 686f73746d6173746572 c00e   # hostmaster.cluster.local
            00000001 00001c20 00000708 00015180 00000005 # serial, refresh, retry, expire, minimum
            """)
        #expect(try Self.reply(query("x.cluster.local", .a)) == expected)
    }

    @Test func addsTheTargetsOfLocations() throws {
        let reply = try Reply(
            try Self.reply(query("_pg._tcp.db.default.svc.cluster.local", .srv), limit: 1232))
        #expect(reply.answers.count == 3)
        #expect(
            reply.additionals.map { "\($0.name) \(Reply.text($0))" } == [
                "db-0.db.default.svc.cluster.local. A 10.42.0.5",
                "db-0.db.default.svc.cluster.local. AAAA fd00:42::5",
                "db-1.db.default.svc.cluster.local. A 10.42.0.6",
            ])
    }

    @Test func rotatesAddresses() throws {
        func first(_ id: UInt16) throws -> String? {
            try Reply(try Self.reply(query("db.default.svc.cluster.local", .a, id: id))).texts.first
        }
        #expect(try Set([first(0), first(1)]) == ["A 10.42.0.5", "A 10.42.0.6"])
    }

    @Test(arguments: [(512, false, 29), (512, true, 29), (1232, true, 74), (65535, true, 200)])
    func truncates(limit: Int, edns: Bool, count: Int) throws {
        var builder = DNSZoneBuilder(try zoneConfiguration())
        let name = ServiceName(namespace: "default", name: "big")
        builder.set(name, ServiceEntry(name: name, kind: .headless))
        builder.set(
            ObjectKey(resource: "endpointslices.discovery.k8s.io", namespace: "default", name: "big"),
            SliceEntry(
                service: name,
                endpoints: (0..<200).map { .init(addresses: [.v4(IPv4Address(10, 42, 1, UInt8($0)))]) }))
        let question = try parsed(query("big.default.svc.cluster.local", .a, edns: edns ? 4096 : nil))
        guard case .reply(let bytes, _) = ZoneResponder(zone: builder.build(), limit: limit).answer(question)
        else {
            Issue.record("no reply")
            return
        }
        let reply = try Reply(bytes)
        #expect(bytes.count <= limit)
        #expect(reply.isTruncated == (count < 200))
        #expect(reply.hasEDNS == edns)
        #expect(abs(reply.answers.count - count) <= 1)
    }
}
