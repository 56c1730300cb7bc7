internal import EdgeBase
internal import Glibc

/// Points in time as a human at this host reads them.
enum LocalTime {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 21 Nov 2026 03:04:05 +0100` (RFC 1123 with a numeric zone) in the host's time zone.
    static func rfc1123(_ time: Timestamp) -> String {
        var seconds = time_t(time.seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return time.rfc3339 }
        let offset = Int(parts.tm_gmtoff) / 60
        let zone = (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + two(abs(offset) % 60)
        let date = "\(days[Int(parts.tm_wday)]), \(two(Int(parts.tm_mday))) \(months[Int(parts.tm_mon)])"
        let clock = "\(two(Int(parts.tm_hour))):\(two(Int(parts.tm_min))):\(two(Int(parts.tm_sec)))"
        return "\(date) \(Int(parts.tm_year) + 1900) \(clock) \(zone)"
    }

    /// The same for an RFC 3339 text; Go's zero time for a missing one.
    static func rfc1123(_ text: String?) -> String {
        text.flatMap { Timestamp(rfc3339: $0) }.map(rfc1123) ?? "Mon, 01 Jan 0001 00:00:00 +0000"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
