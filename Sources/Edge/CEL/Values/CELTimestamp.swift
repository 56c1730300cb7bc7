public import EdgeBase

/// A point in time from year 1 to year 9999, to the nanosecond. The offset from UTC in which it was written
/// is kept for its text only.
public struct CELTimestamp: Sendable {
    /// Seconds since 1970.
    public let seconds: Int64
    public let nanoseconds: Int32
    let offset: Int32

    static let minimumSeconds: Int64 = -62_135_596_800
    static let maximumSeconds: Int64 = 253_402_300_799

    init(seconds: Int64, nanoseconds: Int32, offset: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.offset = offset
    }

    public init(_ time: Timestamp) {
        self.init(
            seconds: time.seconds,
            nanoseconds: Int32(truncatingIfNeeded: time.nanoseconds - time.seconds * 1_000_000_000))
    }

    static func isInRange(_ seconds: Int64) -> Bool { seconds >= minimumSeconds && seconds <= maximumSeconds }

    /// Later by a duration; nil outside the years 1 to 9999.
    func adding(nanoseconds added: Int64) -> CELTimestamp? {
        let (quotient, remainder) = added.quotientAndRemainder(dividingBy: 1_000_000_000)
        var sum = Int64(nanoseconds) + remainder
        var total = seconds + quotient
        if sum < 0 { (sum, total) = (sum + 1_000_000_000, total - 1) }
        if sum >= 1_000_000_000 { (sum, total) = (sum - 1_000_000_000, total + 1) }
        guard Self.isInRange(total) else { return nil }
        return CELTimestamp(seconds: total, nanoseconds: Int32(sum), offset: offset)
    }

    /// The time since another one in nanoseconds; nil where it does not fit.
    func nanoseconds(since other: CELTimestamp) -> Int64? {
        let (product, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(other.nanoseconds))
        return overflow || overflowed ? nil : sum
    }
}

extension CELTimestamp: Comparable {
    public static func == (left: Self, right: Self) -> Bool {
        left.seconds == right.seconds && left.nanoseconds == right.nanoseconds
    }
    public static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension CELTimestamp {
    /// A time in the proleptic Gregorian calendar.
    struct Civil {
        var year: Int
        var month: Int
        var day: Int
        var secondOfDay: Int
        /// 0 is Sunday.
        var weekday: Int
        /// 0 is the first of January.
        var dayOfYear: Int
    }

    /// The calendar's view of the time, so many seconds east of UTC.
    func civil(offset: Int = 0) -> Civil {
        let local = Int(seconds) + offset
        let days = Int((Double(local) / 86400).rounded(.down))
        // Days from the 1st of March of year 0, in eras of 400 years, so that a leap day ends its year.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfMarchYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return Civil(
            year: year, month: month, day: dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1,
            secondOfDay: local - days * 86400, weekday: ((days + 4) % 7 + 7) % 7,
            dayOfYear: days - Self.days(year: year, month: 1, day: 1))
    }

    /// Days since 1970 of a date.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Parses RFC 3339; nil for anything else and outside the years 1 to 9999.
    public init?(rfc3339 text: String) {
        var bytes = Array(text.utf8)[...]
        func number(_ width: Int) -> Int? {
            guard bytes.count >= width, bytes.prefix(width).allSatisfy(CharacterKind.isDigit) else {
                return nil
            }
            defer { bytes = bytes.dropFirst(width) }
            return bytes.prefix(width).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        func skip(_ character: String) -> Bool {
            guard let first = bytes.first, character.utf8.contains(first) else { return false }
            bytes = bytes.dropFirst()
            return true
        }
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
            skip("Tt"), let hour = number(2), skip(":"), let minute = number(2), skip(":"),
            let second = number(2), (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        var nanoseconds: Int32 = 0
        if skip(".") {
            let digits = bytes.prefix(while: CharacterKind.isDigit)
            guard !digits.isEmpty else { return nil }
            bytes = bytes.dropFirst(digits.count)
            for index in 0..<9 {
                nanoseconds =
                    nanoseconds * 10
                    + (index < digits.count ? Int32(digits[digits.startIndex + index] - 0x30) : 0)
            }
        }
        var offset = 0
        if !skip("Zz") {
            let sign = skip("+") ? 1 : skip("-") ? -1 : 0
            guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2), hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        let time =
            Self.days(year: year, month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second
            - offset
        guard bytes.isEmpty, Self.isInRange(Int64(time)) else { return nil }
        self.init(seconds: Int64(time), nanoseconds: nanoseconds, offset: Int32(offset))
    }

    /// RFC 3339 in the offset of the time, with as many digits of fraction as it needs.
    public var rfc3339: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let civil = civil(offset: Int(offset))
        var text = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))T"
        let time = civil.secondOfDay
        text += "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        if nanoseconds != 0 {
            var fraction = padded(Int(nanoseconds), 9)
            while fraction.hasSuffix("0") { fraction.removeLast() }
            text += "." + fraction
        }
        guard offset != 0 else { return text + "Z" }
        let minutes = Int(abs(offset)) / 60
        return text + (offset < 0 ? "-" : "+") + "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
}
