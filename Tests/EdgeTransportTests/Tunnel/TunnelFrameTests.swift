internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct TunnelFrameTests {
    static let golden: [(TunnelFrame, String)] = [
        (
            .hello(version: 1, window: 65536),
            "00 00000000 0000000c   ; HELLO, 12 bytes\n65 64 67 65 74 75 6e   ; edgetun\n01 00010000"
        ),
        (.open(stream: 1, target: "a:1"), "01 00000001 00000003 61 3a 31"),
        (.opened(stream: 1), "02 00000001 00000000"),
        (.data(stream: 3, bytes: ByteBuffer(string: "hi")), "03 00000003 00000002 68 69"),
        (.fin(stream: 3), "04 00000003 00000000"),
        (.reset(stream: 3, reason: "no"), "05 00000003 00000002 6e 6f"),
        (.window(stream: 3, delta: 256), "06 00000003 00000004 00000100"),
        (.ping(1), "07 00000000 00000008 0000000000000001"),
        (.pong(1), "08 00000000 00000008 0000000000000001"),
        (.goAway(reason: "x"), "09 00000000 00000001 78"),
    ]

    @Test func goldenFrames() throws {
        for (frame, text) in Self.golden {
            var buffer = ByteBuffer()
            frame.encode(into: &buffer)
            #expect(Array(buffer.readableBytesView) == hex(text))
            #expect(try TunnelFrame.decode(from: &buffer) == frame)
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test func incompleteFramesWait() throws {
        for (_, text) in Self.golden {
            let bytes = hex(text)
            for length in 0..<bytes.count {
                var buffer = ByteBuffer(bytes: bytes.prefix(length))
                #expect(try TunnelFrame.decode(from: &buffer) == nil)
            }
        }
    }

    @Test(arguments: [
        "0a 00000001 00000000   ; unknown kind", "03 00000000 00000000   ; data of no stream",
        "07 00000001 00000008 0000000000000001   ; ping of a stream",
        "07 00000000 00000001 00   ; short ping",
        "03 00000001 00010001   ; too long",
        "00 00000000 0000000c 65 64 67 65 74 75 6f 01 00010000   ; wrong magic",
        "06 00000001 00000001 00   ; short window",
    ])
    func violations(_ text: String) {
        var buffer = ByteBuffer(bytes: hex(text))
        #expect(throws: StreamError.self) { try TunnelFrame.decode(from: &buffer) }
    }
}
