import Testing

@testable import EdgeDNS

@Suite struct DNSQueryTests {
    @Test func readsAQueryWithEDNS() throws {
        let message = hex(
            """
            abcd 0110           # id; RD, CD
            0001 0000 0000 0001 # one question, one additional
            03 577757 07 6578616d706c65 00 # WwW.example
            001c 0001           # AAAA IN
            00 0029 0578        # OPT, 1400 bytes
            00 00 8000 0000     # version 0, DO, no options
            """)
        let query = try parsed(message)
        #expect(query.header.id == 0xabcd)
        #expect(query.name.description == "www.example.")
        #expect(query.type == .aaaa)
        #expect(query.edns?.wantsSecurityRecords == true)
        #expect(query.datagramLimit == 1232)
        #expect(Array(query.question.prefix(4)) == [3, 0x57, 0x77, 0x57])
    }

    @Test(arguments: [(nil, 512), (100, 512), (600, 600), (4096, 1232)] as [(UInt16?, Int)])
    func limitsDatagrams(size: UInt16?, limit: Int) throws {
        #expect(try parsed(query("a.b", .a, edns: size)).datagramLimit == limit)
    }

    @Test(arguments: [
        ("a response", "0001 8100 0001 0000 0000 0000 00 0001 0001"),
        ("short", "0001 0100 0001 0000 0000"),
        ("empty", ""),
    ])
    func ignores(what: String, message: String) {
        guard case .ignore = DNSQuery.parse(hex(message)) else {
            Issue.record("\(what) got an answer")
            return
        }
    }

    @Test(arguments: [
        ("no question", "0001 0100 0000 0000 0000 0000", ResponseCode.formatError),
        ("two questions", "0001 0100 0002 0000 0000 0000 00 0001 0001 00 0001 0001", .formatError),
        ("a pointer in the question", "0001 0100 0001 0000 0000 0000 c00c 0001 0001", .formatError),
        ("a question that ends early", "0001 0100 0001 0000 0000 0000 03 6161", .formatError),
        ("a label of a reserved type", "0001 0100 0001 0000 0000 0000 41 00 0001 0001", .formatError),
        ("65535 additionals", "0001 0100 0001 0000 0000 ffff 00 0001 0001", .formatError),
        (
            "two OPT records",
            "0001 0100 0001 0000 0000 0002 00 0001 0001 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000",
            .formatError
        ),
        ("NOTIFY", "0001 2100 0001 0000 0000 0000 00 0006 0001", .notImplemented),
        ("AXFR", "0001 0100 0001 0000 0000 0000 00 00fc 0001", .notImplemented),
        ("the CHAOS class", "0001 0100 0001 0000 0000 0000 00 0010 0003", .refused),
        ("EDNS 1", "0001 0100 0001 0000 0000 0001 00 0001 0001 00 0029 0200 00010000 0000", .badVersion),
    ])
    func refuses(what: String, message: String, expected: ResponseCode) throws {
        guard case .refuse(let bytes, let code) = DNSQuery.parse(hex(message)) else {
            Issue.record("\(what) was taken")
            return
        }
        #expect(code == expected)
        let reply = try Reply(bytes)
        #expect(reply.header.id == 1)
        #expect(reply.header.flags.contains(.response))
        #expect(reply.header.code.rawValue == expected.rawValue & 0xf)
    }
}
