internal import Crypto
internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

@Suite struct SPDYFrameTests {
    private func encode(_ frames: [SPDYFrame]) throws -> [UInt8] {
        var encoder = try SPDYFrameEncoder()
        var buffer = ByteBuffer()
        for frame in frames { try encoder.encode(frame, into: &buffer) }
        return Array(buffer.readableBytesView)
    }

    private func decode(_ bytes: [UInt8], cut: Int = .max) throws -> [SPDYFrame] {
        var decoder = try SPDYFrameDecoder()
        var buffer = ByteBuffer()
        var frames: [SPDYFrame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(cut))
            rest = rest.dropFirst(cut)
            while let frame = try decoder.next(from: &buffer) { frames.append(frame) }
        }
        return frames
    }

    @Test func dictionaryIsTheStandards() {
        #expect(SPDYDictionary.bytes.count == 1423)
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in SPDYDictionary.bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        // The Adler-32 that zlib names the dictionary by.
        #expect(high << 16 | low == 0xe3c6_a7c2)
    }

    @Test func goldenFrames() throws {
        let data = hex(
            """
            00 00 00 03   ; data of stream 3
            01 00 00 02   ; last, 2 bytes
            68 69         ; hi
            """)
        #expect(try decode(data) == [.data(id: 3, bytes: ByteBuffer(string: "hi"), fin: true)])
        #expect(try encode([.data(id: 3, bytes: ByteBuffer(string: "hi"), fin: true)]) == data)
        let ping = hex("80 03 00 06   ; version 3, PING\n00 00 00 04   ; no flags, 4 bytes\n00 00 00 01")
        #expect(try decode(ping) == [.ping(id: 1)])
        #expect(try encode([.ping(id: 1)]) == ping)
        let window = hex("80 03 00 09 00 00 00 08 00 00 00 05 00 01 00 00")
        #expect(try decode(window) == [.windowUpdate(id: 5, delta: 65536)])
        let reset = hex("80 03 00 03 00 00 00 08 00 00 00 05 00 00 00 05")
        #expect(try decode(reset) == [.rstStream(id: 5, status: .cancel)])
        let goodbye = hex("80 03 00 07 00 00 00 08 00 00 00 05 00 00 00 00")
        #expect(try decode(goodbye) == [.goAway(lastID: 5, status: 0)])
        let settings = hex("80 03 00 04 00 00 00 0c 00 00 00 01 00 00 00 07 00 01 00 00")
        #expect(try decode(settings) == [.settings(initialWindow: 65536)])
        let unknown = hex("80 03 00 55 00 00 00 01 00")
        #expect(try decode(unknown) == [.unknown])
    }

    @Test(arguments: [1, 3, 7, 1000])
    func headersShareOneCompression(_ cut: Int) throws {
        var repeated: SPDYHeaders = ["port": "80"]
        repeated.add("Port", "81")
        let frames: [SPDYFrame] = [
            .synStream(id: 1, headers: ["streamtype": "error", "port": "80", "requestid": "0"], fin: true),
            .synStream(id: 3, headers: ["streamtype": "data", "port": "80", "requestid": "0"], fin: false),
            .synReply(id: 2, headers: [:], fin: false),
            .headers(id: 3, headers: repeated, fin: false),
        ]
        let bytes = try encode(frames)
        #expect(try decode(bytes, cut: cut) == frames)
        #expect(repeated.fields.count == 1)
    }

    @Test(arguments: [
        "80 02 00 06 00 00 00 04 00 00 00 01   ; version 2", "00 00 00 00 00 00 00 01   ; data for stream 0",
        "80 03 00 06 00 00 00 03 00 00 00   ; short ping", "80 03 00 01 00 ff ff ff   ; huge control frame",
        "80 03 00 04 00 00 00 04 00 00 00 09   ; settings that are not there",
        "80 03 00 02 00 00 00 08 00 00 00 01 ff ff ff ff   ; not zlib",
        "80 03 00 02 00 00 00 04 00 00 00 00   ; reply to stream 0",
    ])
    func violations(_ text: String) {
        #expect(throws: StreamError.self) { try decode(hex(text)) }
    }

    /// A small block that grows to megabytes is refused before it has.
    @Test func decompressionBombIsRefused() throws {
        let deflater = try SPDYHeaderDeflater()
        let bomb = try deflater.compress([UInt8](repeating: 0, count: 4_000_000))
        #expect(bomb.count < 32 * 1024)
        let inflater = try SPDYHeaderInflater()
        #expect(throws: StreamError.self) { try inflater.decompress(bomb) }
    }

    @Test func noiseIsHarmless() throws {
        var generator = SplitMix(state: 2)
        let seed = try encode([
            .synStream(id: 1, headers: ["streamtype": "error"], fin: false), .ping(id: 1),
            .data(id: 1, bytes: ByteBuffer(string: "x"), fin: true),
        ])
        for _ in 0..<5000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = try? decode(bytes)
        }
    }
}
