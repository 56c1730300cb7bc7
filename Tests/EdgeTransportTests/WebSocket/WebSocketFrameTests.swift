internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct WebSocketFrameTests {
    private func decode(_ bytes: [UInt8], masked: Bool, cut: Int = .max) throws -> [WebSocketFrameDecoder
        .Event]
    {
        var decoder = WebSocketFrameDecoder(expectsMask: masked)
        var buffer = ByteBuffer()
        var events: [WebSocketFrameDecoder.Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(cut))
            rest = rest.dropFirst(cut)
            while let event = try decoder.next(from: &buffer) { events.append(event) }
        }
        return events
    }

    private func data(_ text: String, _ isStart: Bool = true, _ isEnd: Bool = true)
        -> WebSocketFrameDecoder.Event
    {
        .data(opcode: .text, bytes: ByteBuffer(string: text), isStart: isStart, isEnd: isEnd)
    }

    /// The examples of RFC 6455 section 5.7.
    @Test func examplesOfTheRFC() throws {
        let hello = hex("81 05            ; final text frame of 5 bytes\n48 65 6c 6c 6f   ; Hello")
        #expect(try decode(hello, masked: false) == [data("Hello")])
        let masked = hex("81 85         ; final text frame, masked\n37 fa 21 3d   ; mask\n7f 9f 4d 51 58")
        #expect(try decode(masked, masked: true) == [data("Hello")])
        let fragments = hex("01 03 48 65 6c   ; first fragment: Hel\n80 02 6c 6f      ; last one: lo")
        #expect(try decode(fragments, masked: false) == [data("Hel", true, false), data("lo", false, true)])
        let ping = hex("89 05 48 65 6c 6c 6f")
        #expect(try decode(ping, masked: false) == [.ping(ByteBuffer(string: "Hello"))])
        let pong = hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")
        #expect(try decode(pong, masked: true) == [.pong(ByteBuffer(string: "Hello"))])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536, 200_000])
    func roundTrip(_ size: Int) throws {
        let payload = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        for mask in [nil, 0x1234_5678] as [UInt32?] {
            var buffer = ByteBuffer()
            WebSocketFrame(opcode: .binary, payload: payload).encode(into: &buffer, mask: mask)
            let bytes = Array(buffer.readableBytesView)
            for cut in [1000, bytes.count] {
                var joined = ByteBuffer()
                for event in try decode(bytes, masked: mask != nil, cut: cut) {
                    guard case .data(.binary, var part, _, _) = event else {
                        Issue.record("unexpected \(event)")
                        return
                    }
                    joined.writeBuffer(&part)
                }
                #expect(joined == payload)
            }
        }
    }

    @Test func controlFramesInsideOfAMessage() throws {
        let bytes = hex("01 01 61      ; a\n89 00         ; ping\n80 01 62      ; b")
        #expect(
            try decode(bytes, masked: false) == [
                data("a", true, false), .ping(ByteBuffer()), data("b", false, true),
            ])
    }

    @Test func closeWithCodeAndReason() throws {
        let bytes = hex("88 05 03 e8 62 79 65   ; 1000 bye")
        #expect(try decode(bytes, masked: false) == [.close(code: 1000, reason: "bye")])
        #expect(try decode([0x88, 0], masked: false) == [.close(code: nil, reason: "")])
    }

    @Test(arguments: [
        "c1 00       ; reserved bit", "83 00       ; unknown kind",
        "81 80 00 00 00 00   ; masked by a server",
        "80 00       ; continuation of nothing", "01 00 01 00 ; message inside of a message",
        "09 00       ; fragmented ping", "89 7e 00 7e ; long ping", "88 01 00    ; half a close code",
        "82 7f 80 00 00 00 00 00 00 00   ; negative length", "82 7f 00 00 00 01 00 00 00 00   ; 4 GiB",
    ])
    func violations(_ text: String) {
        #expect(throws: StreamError.self) { try decode(hex(text), masked: false) }
    }

    @Test func clientsMustMask() {
        #expect(throws: StreamError.self) { try decode([0x81, 0], masked: true) }
    }

    @Test func acceptanceOfTheRFC() {
        #expect(
            WebSocketHandshake.acceptance(of: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }
}
