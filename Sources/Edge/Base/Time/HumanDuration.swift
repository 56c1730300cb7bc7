/// Ages as kubectl and the tables of the API show them (apimachinery's `duration.HumanDuration`).
public enum HumanDuration {
    /// At most two units and three digits, as in AGE columns: `45s`, `3m20s`, `5h`, `2d3h`, `300d`, `2y34d`.
    public static func text(_ duration: Duration) -> String {
        let seconds = Int(duration.inSeconds)
        // Clocks of two hosts may disagree a little.
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 60 * 2 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 60 * 3 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if hours < 24 * 8 { return pair(hours / 24, "d", hours % 24, "h") }
        if hours < 24 * 365 * 2 { return "\(hours / 24)d" }
        if hours < 24 * 365 * 8 { return pair(hours / 24 / 365, "y", hours / 24 % 365, "d") }
        return "\(hours / 24 / 365)y"
    }

    /// One unit only: `5m`.
    public static func short(_ duration: Duration) -> String {
        let seconds = Int(duration.inSeconds)
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3600 { return "\(seconds / 60)m" }
        if seconds < 24 * 3600 { return "\(seconds / 3600)h" }
        if seconds < 365 * 24 * 3600 { return "\(seconds / 3600 / 24)d" }
        return "\(seconds / 3600 / 24 / 365)y"
    }

    /// How long ago a time was, `<unknown>` for none.
    public static func since(_ time: Timestamp?, now: Timestamp) -> String {
        time.map { text(now - $0) } ?? "<unknown>"
    }

    public static func since(_ time: String?, now: Timestamp) -> String {
        since(time.flatMap { Timestamp(rfc3339: $0) }, now: now)
    }

    private static func pair(_ large: Int, _ unit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(unit)" : "\(large)\(unit)\(small)\(smallUnit)"
    }
}
