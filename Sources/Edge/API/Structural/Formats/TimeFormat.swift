internal import EdgeBase

/// Dates, times and durations.
enum TimeFormat {
    /// RFC 3339's full-date of a day that exists.
    static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy(Names.isDigit) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        return (1...12).contains(month) && day >= 1 && day <= days(in: month, of: year)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// A date, `T`, and a time with a zone.
    static func isDateTime(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "t", omittingEmptySubsequences: false)
        guard parts.count >= 2, isDate(String(parts[0])) else { return false }
        var rest = Array(parts[1].utf8)[...]
        func number(_ most: Int) -> Bool {
            guard rest.count >= 2, rest.prefix(2).allSatisfy(Names.isDigit),
                let value = Int(String(decoding: rest.prefix(2), as: UTF8.self))
            else { return false }
            rest = rest.dropFirst(2)
            return value <= most
        }
        func colon() -> Bool { rest.popFirst() == UInt8(ascii: ":") }
        guard number(23), colon(), number(59), colon(), number(59) else { return false }
        if let first = rest.first, first != UInt8(ascii: "z"), first != UInt8(ascii: "+"),
            first != UInt8(ascii: "-")
        {
            rest = rest.dropFirst()
            let digits = rest.prefix(while: Names.isDigit)
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count)
        }
        guard let zone = rest.popFirst() else { return false }
        if zone == UInt8(ascii: "z") { return rest.isEmpty }
        return (zone == UInt8(ascii: "+") || zone == UInt8(ascii: "-")) && number(99) && colon() && number(99)
            && rest.isEmpty
    }

    private static let goUnits = ["ns", "us", "\u{b5}s", "\u{3bc}s", "ms", "s", "m", "h"]
    private static let wordUnits: Set<String> = [
        "ns", "nano", "nanos", "nanosecond", "nanoseconds", "us", "\u{b5}s", "micro", "micros",
        "microsecond",
        "microseconds", "ms", "milli", "millis", "millisecond", "milliseconds", "s", "sec", "secs", "second",
        "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day",
        "days", "w", "wk", "wks", "week", "weeks",
    ]

    /// Go's form (`1h30m`), or numbers with the names of units (`3 days`).
    static func isDuration(_ text: String) -> Bool { isGoDuration(text) || hasWordDuration(text) }

    private static func isGoDuration(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return true }
        guard !rest.isEmpty else { return false }
        while !rest.isEmpty {
            let whole = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(whole.count)
            var fraction = Substring()
            if rest.first == "." {
                rest.removeFirst()
                fraction = rest.prefix { $0.isASCII && $0.isNumber }
                rest = rest.dropFirst(fraction.count)
            }
            guard !whole.isEmpty || !fraction.isEmpty else { return false }
            let unit = rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) }
            guard goUnits.contains(String(unit)) else { return false }
            rest = rest.dropFirst(unit.count)
        }
        return true
    }

    private static func hasWordDuration(_ text: String) -> Bool {
        var rest = Substring(text)
        while let start = rest.firstIndex(where: { $0.isASCII && $0.isNumber }) {
            rest = rest[start...].drop { $0.isASCII && $0.isNumber }.drop { $0 == " " || $0 == "\t" }
            let unit = rest.prefix { $0.isLetter }
            if wordUnits.contains(unit.lowercased()) { return true }
            rest = rest.dropFirst(unit.count)
        }
        return false
    }
}
