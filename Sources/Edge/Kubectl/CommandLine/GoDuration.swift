/// Durations as Go writes them: `1h30m`, `10s`, `250ms`.
enum GoDuration {
    /// Nil for text that Go's time.ParseDuration refuses.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        let isNegative = rest.first == "-"
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var nanoseconds = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let factor = units[String(unit)] else { return nil }
            nanoseconds += value * factor
        }
        guard nanoseconds < 9.2e18 else { return nil }
        return .nanoseconds(Int64(isNegative ? -nanoseconds : nanoseconds))
    }

    /// As Go's Duration.String for whole seconds: `1h0m5s`.
    static func text(_ duration: Duration) -> String {
        let total = duration.components.seconds
        if total < 60 { return "\(total)s" }
        let (minutes, seconds) = (total / 60, total % 60)
        if minutes < 60 { return "\(minutes)m\(seconds)s" }
        return "\(minutes / 60)h\(minutes % 60)m\(seconds)s"
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]
}
