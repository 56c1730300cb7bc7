import Testing

@testable import EdgeDNS

@Suite struct WireNameTests {
    @Test(arguments: [
        ("", [UInt8(0)]), (".", [0]), ("a.B", [1, 0x61, 1, 0x62, 0]), ("a.b.", [1, 0x61, 1, 0x62, 0]),
    ])
    func encodesText(text: String, bytes: [UInt8]) {
        #expect(WireName(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "a..b", ".a", String(repeating: "x", count: 64),
        Array(repeating: String(repeating: "x", count: 63), count: 4).joined(separator: "."),
    ])
    func refusesWhatDoesNotFit(text: String) {
        #expect(WireName(text) == nil)
    }

    @Test func takesTheLongestName() throws {
        let labels = Array(repeating: String(repeating: "x", count: 63), count: 3)
        let name = labels.joined(separator: ".") + "." + String(repeating: "y", count: 61)
        #expect(try wire(name).bytes.count == 255)
    }

    @Test(arguments: [
        ("a.b.c", "b.c", true), ("b.c", "b.c", true), ("ab.c", "b.c", false), ("c", "b.c", false),
        ("a.b.c", "", true), ("a.bxc", "c", false),
    ])
    func knowsWhatLiesWithin(name: String, ancestor: String, expected: Bool) throws {
        #expect(try wire(name).isWithin(try wire(ancestor)) == expected)
    }

    @Test func describesOddBytes() {
        #expect(WireName(lowercasedBytes: [3, 0x61, 0x2e, 0x07, 0]).description == "a\\.\\007.")
    }
}
