internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct HTTPBodyDecoderTests {
    private func decode(_ framing: HTTPBodyFraming, _ text: String, cut: Int) throws -> (
        body: String, rest: String
    ) {
        var decoder = HTTPBodyDecoder(framing)
        var buffer = ByteBuffer()
        var body = ""
        var rest = Array(text.utf8)[...]
        while true {
            switch try decoder.next(from: &buffer) {
            case .data(let data): body += String(buffer: data)
            case .end: return (body, String(buffer: buffer) + String(decoding: rest, as: UTF8.self))
            case .needMore:
                guard !rest.isEmpty else { return (body + "<open>", "") }
                buffer.writeBytes(rest.prefix(cut))
                rest = rest.dropFirst(cut)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func bodies(_ cut: Int) throws {
        let chunked = "5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\nTrailer: x\r\n\r\nNEXT"
        #expect(try decode(.chunked, chunked, cut: cut) == ("hello, world", "NEXT"))
        #expect(try decode(.length(5), "helloNEXT", cut: cut) == ("hello", "NEXT"))
        #expect(try decode(.none, "NEXT", cut: cut) == ("", "NEXT"))
        #expect(try decode(.untilClose, "all of it", cut: cut).body == "all of it<open>")
        #expect(try decode(.chunked, "000a\r\n0123456789\r\n0\r\n\r\n", cut: cut).body == "0123456789")
    }

    @Test(arguments: [
        "x\r\n", "\r\n", "5\r\nhelloXX", "-1\r\n", "1 2\n", "ffffffffffffffff\r\n", "5\nhello",
        "0x5\r\nhello\r\n",
        "0\r\nbad\ntrailer", "1111111111111111\r\n",
    ])
    func brokenChunks(_ text: String) {
        #expect(throws: HTTPSyntaxError.self) { try decode(.chunked, text, cut: 1000) }
    }
}
