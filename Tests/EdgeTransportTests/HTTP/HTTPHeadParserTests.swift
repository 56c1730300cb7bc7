internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct HTTPHeadParserTests {
    @Test func takesARequestApart() throws {
        let head = try HTTPHeadParser.request(
            Array(
                "PATCH /api/v1/pods%2Fa/x?watch=true&q=a+b%20c HTTP/1.1\r\nHost: h\r\nX-A: 1 \r\nx-a:\t2\r\n\r\n"
                    .utf8))
        #expect(head.method == .patch)
        #expect(head.rawTarget == "/api/v1/pods%2Fa/x?watch=true&q=a+b%20c")
        #expect(head.target.path == "/api/v1/pods%2Fa/x")
        #expect(head.target.segments == ["api", "v1", "pods/a", "x"])
        #expect(head.target.value("watch") == "true")
        #expect(head.target.value("q") == "a b c")
        #expect(head.fields["X-a"] == "1")
        #expect(head.fields.values("x-A") == ["1", "2"])
        #expect(head.fields["absent"] == nil)
        #expect(head.keepsConnection && head.body == .none)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: Upgrade, CLOSE\r\n", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "connection: keep-alive\r\n", true),
    ])
    func connectionReuse(_ version: String, _ header: String, _ keeps: Bool) throws {
        let head = try HTTPHeadParser.request(Array("GET / \(version)\r\nHost: h\r\n\(header)\r\n".utf8))
        #expect(head.keepsConnection == keeps)
    }

    @Test(arguments: [
        ("Content-Length: 5\r\n", HTTPBodyFraming.length(5)),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", .length(5)),
        ("Transfer-Encoding: Chunked\r\n", .chunked), ("Content-Length: 0\r\n", .none), ("", .none),
    ])
    func framing(_ header: String, _ framing: HTTPBodyFraming) throws {
        let head = try HTTPHeadParser.request(Array("POST / HTTP/1.1\r\nHost: h\r\n\(header)\r\n".utf8))
        #expect(head.body == framing)
    }

    /// What could be read in two ways, or is no HTTP.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400), ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET nopath HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            501
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: teapot\r\n\r\n", 417), ("\r\n", 400), ("x", 400),
    ])
    func refused(_ text: String, _ status: Int) {
        do throws(HTTPSyntaxError) {
            _ = try HTTPHeadParser.request(Array(text.utf8))
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.status == HTTPStatus(status), "\(error)")
        }
    }

    @Test func tooManyFields() {
        let fields = (0..<201).map { "a\($0): b\r\n" }.joined()
        #expect(throws: HTTPSyntaxError.self) {
            try HTTPHeadParser.request(Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8))
        }
    }

    @Test(
        arguments: [
            ("http://h:80/a?b", "/a", "b"), ("https://h", "/", nil), ("http://h?x=1", "/", "x=1"),
            ("*", "*", nil),
            ("//a//b//", "//a//b//", nil),
        ] as [(String, String, String?)])
    func targets(_ text: String, _ path: String, _ query: String?) throws {
        let target = try #require(HTTPTarget(text))
        #expect(target.path == path && target.rawQuery == query)
    }

    @Test func emptySegmentsInTheMiddleAreKept() {
        #expect(HTTPTarget("//a//b/")?.segments == ["a", "", "b"])
    }

    @Test func response() throws {
        let head = try HTTPHeadParser.response(
            Array("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n".utf8))
        #expect(head.status == 404 && head.body(answering: .get) == .length(3))
        #expect(head.body(answering: .head) == .none)
        let bare = try HTTPHeadParser.response(Array("HTTP/1.1 200\r\n\r\n".utf8))
        #expect(bare.body(answering: .get) == .untilClose)
    }

    /// Heads are found wherever the bytes are cut.
    @Test(arguments: 1...20)
    func collectsAcrossCuts(_ size: Int) throws {
        let text = "\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"
        var collector = HTTPHeadCollector(limit: 1000)
        var buffer = ByteBuffer()
        var heads: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(size))
            rest = rest.dropFirst(size)
            while let head = try collector.next(from: &buffer) {
                heads.append(String(decoding: head, as: UTF8.self))
            }
        }
        #expect(heads == ["GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /b HTTP/1.1\r\nHost: h\r\n\r\n"])
    }

    @Test func endlessHeadIsRefused() {
        var collector = HTTPHeadCollector(limit: 100)
        var buffer = ByteBuffer(repeating: UInt8(ascii: "a"), count: 101)
        #expect(throws: HTTPSyntaxError.self) { try collector.next(from: &buffer) }
    }

    /// No sequence of bytes may do more than be refused.
    @Test func noiseIsHarmless() {
        var generator = SplitMix(state: 1)
        let seed = Array(
            "POST /a%20b?c=d HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\n".utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = try? HTTPHeadParser.request(bytes)
            _ = try? HTTPHeadParser.response(bytes)
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
