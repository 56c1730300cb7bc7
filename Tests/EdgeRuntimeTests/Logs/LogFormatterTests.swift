import EdgeBase
import Testing

@testable import EdgeRuntime

@Suite struct LogFormatterTests {
    private static let log = Array(
        """
        2026-11-21T03:04:05.000000001Z stdout F one
        2026-11-21T03:04:06.000000002Z stderr F two
        broken line
        2026-11-21T03:04:07Z stdout P th
        2026-11-21T03:04:07Z stdout F ree
        2026-11-21T03:04:08Z stdout F 

        """.utf8)

    private func format(_ change: (inout LogOptions) -> Void) -> String {
        var options = LogOptions()
        change(&options)
        // Cut at every place: the outcome is the same.
        var outcomes: Set<String> = []
        for cut in stride(from: 0, through: Self.log.count, by: 7) {
            var formatter = LogFormatter(options)
            let bytes = formatter.append(Array(Self.log[..<cut])) + formatter.append(Array(Self.log[cut...]))
            outcomes.insert(String(decoding: bytes, as: UTF8.self))
        }
        #expect(outcomes.count == 1)
        return outcomes.first ?? ""
    }

    @Test func joinsParts() {
        #expect(format { _ in } == "one\ntwo\nthree\n\n")
    }

    @Test func choosesByTimeAndStream() {
        #expect(format { $0.since = Timestamp(rfc3339: "2026-11-21T03:04:06Z") } == "two\nthree\n\n")
        #expect(format { $0.stream = .errorOutput } == "two\n")
    }

    @Test func stampsEachLineOnce() {
        let text = format { $0.timestamps = true }
        #expect(text.split(separator: "\n").count == 4)
        #expect(text.hasPrefix("2026-11-21T03:04:05.000000001Z one\n"))
        #expect(text.contains("2026-11-21T03:04:07.000000000Z three\n"))
    }

    @Test func stopsAtTheLimit() {
        #expect(format { $0.limitBytes = 6 } == "one\ntw")
    }

    @Test(arguments: [
        "", "x", "2026-11-21T03:04:07Z stdout X a", "2026-11-21T03:04:07Z other F a", "now stdout F a",
    ])
    func refusesOtherLines(line: String) {
        #expect(LogEntry(line: Array(line.utf8)[...]) == nil)
    }
}
