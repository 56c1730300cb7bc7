import Testing

@testable import EdgeDNS

@Suite struct UpstreamAnswerTests {
    @Test func takesLifetimesFromRecords() throws {
        let asked = try parsed(query("a.example", .a))
        #expect(try UpstreamAnswer(asked.addressReply(1, ttl: 99)).lifetime == 99)
        #expect(try UpstreamAnswer(asked.addressReply(1, ttl: 1_000_000)).lifetime == 3600)
        #expect(try UpstreamAnswer(asked.addressReply(1, ttl: 0x8000_0001)).lifetime == 0)
        #expect(try UpstreamAnswer(asked.denial(minimum: 30)).lifetime == 30)
        #expect(try UpstreamAnswer(asked.denial(minimum: 9000)).lifetime == 60)
        #expect(try UpstreamAnswer(asked.errorReply(.nameError)).lifetime == 0)
        #expect(try UpstreamAnswer(asked.errorReply(.serverFailure)).lifetime == 0)
    }

    @Test func givesItselfToAnyClient() throws {
        let answer = try UpstreamAnswer(
            hex(
                """
                0007 8180 0001 0002 0000 0001
                03 777777 02 6578 00 0001 0001      # www.ex A
                c00c 0005 0001 00000040 0004 01 62 c010 # CNAME b.ex, 64 s
                c024 0001 0001 00000020 0004 c0000201   # b.ex A 192.0.2.1, 32 s
                00 0029 1000 00000000 0000              # OPT
                """))
        #expect(answer.lifetime == 32)
        let client = try parsed(query("WWW.eX", .a, id: 0x2222, edns: 1232))
        let expected = hex(
            """
            2222 8180 0001 0002 0000 0001
            03 575757 02 6558 00 0001 0001          # the client's spelling
            c00c 0005 0001 00000036 0004 01 62 c010 # 10 s later
            c024 0001 0001 00000016 0004 c0000201
            00 0029 04d0 00000000 0000              # the server's own OPT
            """)
        #expect(answer.reply(to: client, limit: 1232, age: 10) == expected)
        let small = try Reply(answer.reply(to: client, limit: 40, age: 10))
        #expect(small.isTruncated && small.answers.isEmpty)
        let stale = try Reply(answer.reply(to: client, limit: 1232, age: 99, ttl: 30))
        #expect(stale.answers.map(\.ttl) == [30, 30])
    }

    @Test(arguments: [
        ("the answer", "0007 8180 0001 0000 0000 0000 01 41 00 0001 0001", true),
        ("another id", "0008 8180 0001 0000 0000 0000 01 41 00 0001 0001", false),
        ("a query", "0007 0100 0001 0000 0000 0000 01 41 00 0001 0001", false),
        ("another name", "0007 8180 0001 0000 0000 0000 01 42 00 0001 0001", false),
        ("another type", "0007 8180 0001 0000 0000 0000 01 41 00 001c 0001", false),
        ("another class", "0007 8180 0001 0000 0000 0000 01 41 00 0001 0003", false),
        ("no question", "0007 8180 0000 0000 0000 0000", false),
        ("FORMERR without question", "0007 8181 0000 0000 0000 0000", true),
        ("short", "0007 8180 0001", false),
    ])
    func recognisesItsAnswer(what: String, message: String, expected: Bool) throws {
        let question = UpstreamQuestion(name: try wire("a"), type: .a)
        #expect(question.isAnswered(by: hex(message), id: 7) == expected, "\(what)")
    }
}
