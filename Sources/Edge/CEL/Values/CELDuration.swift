/// A span of time in nanoseconds, within the range of Go's `time.Duration` (292 years).
public struct CELDuration: Sendable, Equatable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Parses Go's form, such as `1h30m`, `-1.5s` or `100ms`; nil for anything else and what does not fit.
    public init?(goText text: String) {
        var bytes = Array(text.utf8)[...]
        var isNegative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            bytes = bytes.dropFirst()
        }
        guard !bytes.isEmpty else { return nil }
        if bytes.elementsEqual("0".utf8) {
            self.init(nanoseconds: 0)
            return
        }
        var total: Int128 = 0
        while !bytes.isEmpty {
            let whole = bytes.prefix(while: CharacterKind.isDigit)
            bytes = bytes.dropFirst(whole.count)
            var fraction = bytes[bytes.startIndex..<bytes.startIndex]
            if bytes.first == UInt8(ascii: ".") {
                fraction = bytes.dropFirst().prefix(while: CharacterKind.isDigit)
                bytes = bytes.dropFirst(fraction.count + 1)
            }
            guard whole.count + fraction.count > 0, whole.count < 20 else { return nil }
            let unitText = bytes.prefix { $0 != UInt8(ascii: ".") && !CharacterKind.isDigit($0) }
            guard let unit = Self.units[String(decoding: unitText, as: UTF8.self)] else { return nil }
            bytes = bytes.dropFirst(unitText.count)
            total += whole.reduce(Int128(0)) { $0 * 10 + Int128($1 - 0x30) } * unit
            var scale: Int128 = 1
            var rest: Int128 = 0
            for digit in fraction.prefix(18) {
                rest = rest * 10 + Int128(digit - 0x30)
                scale *= 10
            }
            total += rest * unit / scale
            guard total <= Int128(Int64.max) + 1 else { return nil }
        }
        guard let value = Int64(exactly: isNegative ? -total : total) else { return nil }
        self.init(nanoseconds: value)
    }

    private static let units: [String: Int128] = [
        "ns": 1, "us": 1000, "\u{b5}s": 1000, "\u{3bc}s": 1000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]

    /// The seconds as `string(duration)` writes them: `5400s`, `1.5s`.
    public var secondsText: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard fraction != 0 else { return "\(sign)\(whole)s" }
        var digits = String(fraction)
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(sign)\(whole).\(digits)s"
    }
}
