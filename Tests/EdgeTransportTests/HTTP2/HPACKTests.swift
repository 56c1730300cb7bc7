internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct HPACKTests {
    private static func text(_ bytes: [UInt8], _ decoder: inout HPACKDecoder) throws -> String {
        var fields = HTTP2FieldCollector(limit: 4096)
        try decoder.decode(ByteBuffer(bytes: bytes).readableBytesUInt8Span, into: &fields)
        return String(decoding: fields.bytes, as: UTF8.self)
    }

    /// RFC 7541 appendix C.4: three requests whose fields refer to each other, Huffman coded.
    @Test func requestsOfTheRFC() throws {
        var decoder = HPACKDecoder()
        let first = try Self.text(
            hex("82 86 84 41 8c f1 e3 c2 e5 f2 3a 6b a0 ab 90 f4 ff"), &decoder)
        #expect(first == ":methodGET:schemehttp:path/:authoritywww.example.com")
        let second = try Self.text(hex("82 86 84 be 58 86 a8 eb 10 64 9c bf"), &decoder)
        #expect(
            second == ":methodGET:schemehttp:path/:authoritywww.example.comcache-controlno-cache")
        let third = try Self.text(
            hex("82 87 85 bf 40 88 25 a8 49 e9 5b a9 7d 7f 89 25 a8 49 e9 5b b8 e8 b4 bf"), &decoder)
        #expect(
            third
                == ":methodGET:schemehttps:path/index.html:authoritywww.example.comcustom-keycustom-value")
    }

    @Test(arguments: [
        ("ff ff ff ff ff 0f", "integer of too many bits"),
        ("c0", "no such index"),
        ("80", "index zero"),
        ("3f e2 1f", "table larger than offered"),
        ("82 20", "table size behind a field"),
        ("00 03 61", "name longer than the block"),
        ("00 81 ff 00", "padding of a whole byte"),
        ("00 84 ff ff ff ff 00", "the end symbol"),
        ("00 81 60 00", "padding that is not ones"),
    ])
    func malformed(_ block: (bytes: String, why: String)) {
        var decoder = HPACKDecoder()
        #expect(throws: HTTP2Failure.self, "\(block.why)") {
            try Self.text(hex(block.bytes), &decoder)
        }
    }

    @Test func oldFieldsLeaveTheTable() throws {
        var table = HPACKTable()
        for number in 0..<200 {
            table.insert(HPACKEntry(bytes: Array("name\(100 + number)".utf8), nameLength: 4))
        }
        #expect(table.size <= 4096)
        #expect(table.entry(62)?.bytes == Array("name299".utf8))
        #expect(table.entry(62 + 105)?.bytes == nil)
        table.insert(HPACKEntry(bytes: [UInt8](repeating: 0x61, count: 5000), nameLength: 4))
        #expect(table.size == 0)
        let isAllowed = table.setLimit(4097)
        #expect(!isAllowed)
    }

    @Test func everyByteSurvivesTheCode() throws {
        // "302" and "private", RFC 7541 C.6.1, and all letters that paths have.
        var decoder = HPACKDecoder()
        #expect(
            try Self.text(hex("48 82 64 02 58 85 ae c3 77 1a 4b"), &decoder)
                == ":status302cache-controlprivate")
    }

    @Test func answersAreWritten() {
        var buffer = ByteBuffer()
        HPACKResponseWriter.write(
            200, ["Content-Type": "a/b", "X-Y": "z", "Connection": "close"], length: 7,
            date: Array("Date: D\r\n".utf8), to: &buffer)
        #expect(
            Array(buffer.readableBytesView)
                == hex(
                    """
                    88                      ; :status 200
                    0f 10 03 61 2f 62       ; content-type, not kept
                    00 03 78 2d 79 01 7a    ; x-y: z
                    0f 12 01 44             ; date
                    0f 0d 01 37             ; content-length
                    """))
    }
}
