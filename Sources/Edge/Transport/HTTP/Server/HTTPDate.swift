internal import EdgeBase
internal import Synchronization

/// The `Date` line of answers (RFC 9110 section 5.6.7), written once a second.
final class HTTPDate: Sendable {
    private struct Cached {
        var second: Int64 = .min
        var line: [UInt8] = []
    }

    private let clock: any WallClock
    private let cached = Mutex(Cached())

    init(clock: any WallClock) {
        self.clock = clock
    }

    /// `Date: Sat, 21 Nov 2026 03:04:05 GMT` with its line end.
    var line: [UInt8] {
        let now = clock.now
        let second = now.seconds
        return cached.withLock { cached in
            if cached.second != second {
                cached = Cached(second: second, line: Array("Date: \(Self.text(now))\r\n".utf8))
            }
            return cached.line
        }
    }

    static func text(_ time: Timestamp) -> String {
        let parts = time.rfc3339.split { "-T:Z".contains($0) }
        guard parts.count == 6, let month = Int(parts[1]), (1...12).contains(month) else { return "" }
        let days = Int((Double(time.seconds) / 86400).rounded(.down))
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((days % 7) + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = "\(parts[3]):\(parts[4]):\(parts[5])"
        return "\(weekday), \(parts[2]) \(months[month - 1]) \(parts[0]) \(clock) GMT"
    }
}
