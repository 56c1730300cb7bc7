import EdgeBase
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_233_600, "2026-11-21T04:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_102_444_800, "2100-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func goesThereAndBack(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.seconds == seconds)
    }

    @Test(
        arguments: [
            ("2026-11-21T04:00:00.5Z", 500_000_000), ("2026-11-21T06:00:00.123456789+02:00", 123_456_789),
            ("2026-11-21T00:30:00.1234567891-03:30", 123_456_789),
        ] as [(String, Int64)])
    func readsFractionsAndOffsets(text: String, nanoseconds: Int64) {
        let time = Timestamp(rfc3339: text)
        #expect(time?.seconds == 1_795_233_600)
        #expect(time.map { $0.nanoseconds - $0.seconds * 1_000_000_000 } == nanoseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T04:00:00", "2026-11-21T04:00:00Zx", "2026-11-21T04:00:00.Z", "2026-11-21 04:00:00Z",
    ])
    func refusesOtherText(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func writesFractions() {
        let time = Timestamp(nanoseconds: 1_001_002_003)
        #expect(time.rfc3339Micro == "1970-01-01T00:00:01.001002Z")
        #expect(time.rfc3339Nano == "1970-01-01T00:00:01.001002003Z")
    }
}
