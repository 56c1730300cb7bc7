import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct LaunchStepTests {
    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }

    @Test func encodesAPlan() {
        let plan = LaunchStep.encode([
            .hostname("web"), .isolate, .execute(arguments: ["sh"], environment: []),
        ])
        let expected: [String] = [
            "45444750 01000000",  // magic, version
            "13000000 08000000 03000000 77656200",  // HOSTNAME, 8 bytes, 3, "web"
            "05000000 00000000",  // ISOLATE, no fields
            // EXECUTE, 16 bytes: one argument of two bytes with padding, no environment
            "20000000 10000000 01000000 02000000 73680000 00000000",
        ]
        #expect(hex(plan) == expected.joined().filter { $0 != " " })
    }

    @Test func stringsOfEveryLengthArePadded() {
        for length in 0..<9 {
            var writer = WireWriter()
            let text = String(repeating: "x", count: length)
            writer.append(text)
            writer.append(UInt64(7))
            #expect(writer.bytes.count % 4 == 0)
            var reader = WireReader(writer.bytes)
            #expect(reader.string() == text)
            #expect(reader.u64() == 7)
            #expect(reader.u32() == nil)
        }
    }
}
