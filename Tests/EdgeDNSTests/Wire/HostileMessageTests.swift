import Testing

@testable import EdgeDNS

/// A small generator with a fixed beginning, so that a failure can be repeated.
private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var value = state
        value ^= value >> 33
        value = value &* 0xff51_afd7_ed55_8ccd
        return value ^ value >> 33
    }
}

@Suite struct HostileMessageTests {
    private static let header = "0001 8100 0001 0001 0000 0000 01 61 00 0001 0001 "

    @Test(arguments: [
        ("a pointer to itself", "c013 0001 0001 00000005 0004 01020304"),
        ("a pointer ahead", "c020 0001 0001 00000005 0004 01020304"),
        ("a pointer into the header", "c002 0001 0001 00000005 0004 01020304"),
        ("data that ends early", "c00c 0001 0001 00000005 00ff 01020304"),
        ("an address of three bytes", "c00c 0001 0001 00000005 0003 010203"),
        ("a name that leaves its data", "c00c 0005 0001 00000005 0001 0161 00"),
        ("a loop within the data", "c00c 0005 0001 00000005 0002 c01f"),
        ("an SOA cut short", "c00c 0006 0001 00000005 0002 0000"),
        ("nothing", ""),
    ])
    func refusesRecords(what: String, record: String) {
        var reader = MessageReader(hex(Self.header + record), at: 19)
        #expect(throws: MessageError.self, "\(what)") { try reader.record() }
    }

    @Test func refusesANameThatGrowsByPointers() {
        // Each name is one label and a pointer to the one before: the fifth is longer than 255 bytes.
        var message = [UInt8](repeating: 0, count: 12)
        var last: Int?
        for _ in 0..<5 {
            let start = message.count
            message.append(63)
            message += [UInt8](repeating: 0x61, count: 63)
            if let last { message.append16(0xc000 | UInt16(last)) } else { message.append(0) }
            last = start
        }
        var reader = MessageReader(message, at: last ?? 0)
        #expect(throws: MessageError.nameTooLong(offset: last ?? 0)) { try reader.name() }
    }

    @Test func survivesRandomBytes() throws {
        var generator = Generator(state: 1)
        let zone = try sampleZone()
        var replies = 0
        for round in 0..<100_000 {
            var message = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            // Half of them begin like a query, to get further in.
            if round % 2 == 0 {
                let start = hex("0001 0100 0001 0000 0000 0001")
                message.replaceSubrange(0..<min(message.count, start.count), with: start)
            }
            switch DNSQuery.parse(message) {
            case .ignore: break
            case .refuse(let reply, _): replies += reply.count
            case .query(let query):
                if case .reply(let reply, _) = ZoneResponder(zone: zone, limit: 512).answer(query) {
                    #expect(reply.count <= 512)
                }
            }
            _ = try? UpstreamAnswer(message)
        }
        #expect(replies > 0)
    }

    @Test func survivesDamagedAnswers() throws {
        var generator = Generator(state: 2)
        let zone = try sampleZone()
        let original = query("_pg._tcp.db.default.svc.cluster.local", .srv, edns: 1232)
        guard case .reply(let answer, _) = ZoneResponder(zone: zone, limit: 1232).answer(try parsed(original))
        else {
            Issue.record("no answer to damage")
            return
        }
        for _ in 0..<20_000 {
            var damaged = answer
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) {
                damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
            }
            _ = DNSQuery.parse(damaged)
            _ = try? Reply(damaged)
            if let taken = try? UpstreamAnswer(damaged) {
                _ = try? taken.records(question: try wire("_pg._tcp.db.default.svc.cluster.local"))
                _ = taken.reply(to: try parsed(original), limit: 1232, age: 1)
            }
        }
    }
}
