/// Durations as flags have them: `40`, `40s`, `1m30s`, `2h`, `500ms`.
enum DurationText {
    static func parse(_ text: String) -> Duration? {
        if let seconds = Int64(text) { return .seconds(seconds) }
        var rest = text[...]
        var total = Duration.zero
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            guard let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "ms": total += .milliseconds(number)
            case "s": total += .seconds(number)
            case "m": total += .seconds(number * 60)
            case "h": total += .seconds(number * 3600)
            default: return nil
            }
        }
        return text.isEmpty ? nil : total
    }
}
