/// The parts of timestamps, in UTC or a given offset, and of durations.
enum TimeFunctions {
    private static let parts: [(name: String, id: String, part: @Sendable (CELTimestamp, Int) -> Int)] = [
        ("getFullYear", "year", { $0.civil(offset: $1).year }),
        ("getMonth", "month", { $0.civil(offset: $1).month - 1 }),
        ("getDayOfYear", "day_of_year", { $0.civil(offset: $1).dayOfYear }),
        ("getDate", "day_of_month_1_based", { $0.civil(offset: $1).day }),
        ("getDayOfMonth", "day_of_month", { $0.civil(offset: $1).day - 1 }),
        ("getDayOfWeek", "day_of_week", { $0.civil(offset: $1).weekday }),
        ("getHours", "hours", { $0.civil(offset: $1).secondOfDay / 3600 }),
        ("getMinutes", "minutes", { $0.civil(offset: $1).secondOfDay / 60 % 60 }),
        ("getSeconds", "seconds", { $0.civil(offset: $1).secondOfDay % 60 }),
        ("getMilliseconds", "milliseconds", { time, _ in Int(time.nanoseconds) / 1_000_000 }),
    ]

    static func declare(in table: inout FunctionTable) {
        for (name, id, part) in parts {
            table.member(name, "timestamp_to_\(id)", [.timestamp], .int) {
                values throws(CELEvaluationError) in
                .int(Int64(part(values[0].asTime, 0)))
            }
            table.member(name, "timestamp_to_\(id)_with_tz", [.timestamp, .string], .int) {
                values throws(CELEvaluationError) in
                .int(Int64(part(values[0].asTime, try offset(values[1].asText))))
            }
        }
        let units: [(String, String, Int64)] = [
            ("getHours", "hours", 3_600_000_000_000), ("getMinutes", "minutes", 60_000_000_000),
            ("getSeconds", "seconds", 1_000_000_000), ("getMilliseconds", "milliseconds", 1_000_000),
        ]
        for (name, id, unit) in units {
            table.member(name, "duration_to_\(id)", [.duration], .int) { values throws(CELEvaluationError) in
                .int(values[0].asDuration / unit)
            }
        }
    }

    /// The seconds east of UTC of `UTC`, `02:00`, `+02:00` or `-09:30`. Names of other zones would need the
    /// zone database, which edge does not carry.
    private static func offset(_ zone: String) throws(CELEvaluationError) -> Int {
        if zone.isEmpty || zone == "UTC" || zone == "Z" || zone == "GMT" || zone == "Etc/UTC" { return 0 }
        let parts = zone.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]),
            (-24...24).contains(hours)
        else {
            throw CELEvaluationError("unknown time zone \(zone)")
        }
        guard (0..<60).contains(minutes) else {
            throw CELEvaluationError("timezone offset minutes out of range [0, 59]: \(zone)")
        }
        return (hours * 60 + (zone.hasPrefix("-") ? -minutes : minutes)) * 60
    }
}
