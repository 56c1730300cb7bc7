import Testing

@testable import EdgeNetlink

@Suite struct NetlinkWriterTests {
    @Test func attributesArePaddedAndNested() {
        var writer = NetlinkWriter()
        writer.attribute(3, string: "eth0")
        writer.nested(18) { info in
            info.attribute(1, string: "veth")
            info.attribute(2, networkOrder: UInt16(8472))
        }
        #expect(
            writer.bytes
                == hex(
                    """
                    0900 0300  65746830 00 000000   # length 9, IFLA_IFNAME, "eth0", padding
                    1800 1280                       # length 24, IFLA_LINKINFO with NLA_F_NESTED
                      0900 0100 76657468 00 000000  # length 9, kind "veth", padding
                      0600 0200 2118 0000           # length 6, network order, padding
                    """))
    }

    @Test func whatIsWrittenIsRead() throws {
        var writer = NetlinkWriter()
        writer.attribute(1, UInt32(0x1234_5678))
        writer.attribute(2, networkOrder: UInt16(80))
        writer.nested(3) { $0.attribute(1, string: "name") }
        let attributes = try NetlinkAttributes(of: writer.bytes[...])
        #expect(attributes.integer(1) == UInt32(0x1234_5678))
        #expect(attributes.networkOrder(2) == UInt16(80))
        #expect(try attributes.nested(3).string(1) == "name")
        #expect(attributes.integer(1, as: UInt16.self) == nil)
        #expect(attributes[9] == nil)
    }

    @Test(arguments: [
        "0300 0100",  // shorter than its own header
        "0900 0100 00000000",  // longer than what there is
        "ffff 0100",
    ])
    func attributesThatDoNotFitAreErrors(_ text: String) {
        #expect(throws: NetlinkFormatError.self) { try NetlinkAttributes(of: hex(text)[...]) }
    }

    @Test(arguments: [
        "0f000000 1000 0000 01000000 00000000",  // shorter than a header
        "20000000 1000 0000 01000000 00000000",  // longer than the datagram
    ])
    func messagesThatDoNotFitAreErrors(_ text: String) {
        #expect(throws: NetlinkFormatError.self) { try NetlinkMessage.parse(hex(text)) }
    }

    @Test func datagramHoldsSeveralMessages() throws {
        let messages = try NetlinkMessage.parse(
            hex(
                """
                12000000 1000 0200 07000000 00000000  aabb 0000   # 18 bytes, padded
                10000000 0300 0200 07000000 00000000              # NLMSG_DONE
                """))
        #expect(messages.map(\.type) == [16, 3])
        #expect(messages.map(\.sequence) == [7, 7])
        #expect(Array(messages[0].payload) == [0xaa, 0xbb])
    }

    /// Whatever bytes come, reading them ends with values or with an error.
    @Test func anyBytesAreReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        for length in 0..<400 {
            for _ in 0..<20 {
                var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                // A length that fits gets the reader further.
                if length >= 16 {
                    bytes.replaceSubrange(0..<4, with: [UInt8(length & 0xff), UInt8(length >> 8), 0, 0])
                }
                for message in (try? NetlinkMessage.parse(bytes)) ?? [] {
                    _ = try? Link(message)
                    _ = try? Route(message)
                    _ = try? InterfaceAddress(message)
                    _ = try? ConntrackEntry(message)
                    _ = try? NFTTable(message)
                    _ = try? NetlinkAttributes(of: message.payload).list.map {
                        try NFTElement(NetlinkAttributes(of: $0.value))
                    }
                }
                let socket = RecordingNetlinkSocket()
                socket.answer(bytes, RecordingNetlinkSocket.acknowledgement(sequence: [1, 0, 0, 0]))
                _ = try? RouteClient(socket: socket).deleteLink(7)
            }
        }
    }
}
