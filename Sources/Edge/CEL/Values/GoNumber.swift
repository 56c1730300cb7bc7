/// Numbers in the texts that Go's `strconv` and `fmt` give them.
enum GoNumber {
    /// The shortest digits that read back the same; exponents below 1e-4 and from 1e21 on (format `g` with
    /// the exponent threshold of `%v`).
    static func shortest(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        let magnitude = abs(value)
        let (digits, point) = decimal(magnitude)
        let sign = value < 0 ? "-" : ""
        if magnitude < 1e-4 || magnitude >= 1e21 {
            let exponent = point - 1
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let number = String(abs(exponent))
            return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+")
                + (number.count < 2 ? "0" + number : number)
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count {
            return sign + digits + String(repeating: "0", count: point - digits.count)
        }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// The significant digits of a positive number, and the place of the point behind their begin.
    static func decimal(_ value: Double) -> (digits: String, point: Int) {
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = String(mantissa[0])
        var point = digits.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        if mantissa.count > 1 { digits += mantissa[1] }
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        while digits.count > 1, digits.hasPrefix("0") {
            digits.removeFirst()
            point -= 1
        }
        return (digits, point)
    }

    /// `%.<precision>f`, exactly rounded (half to even on the exact binary value).
    static func fixed(_ value: Double, precision: Int) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let sign = value.sign == .minus ? "-" : ""
        var digits = ExactDecimal(abs(value)).rounded(places: precision)
        if digits.count <= precision {
            digits = [UInt8](repeating: 0, count: precision - digits.count + 1) + digits
        }
        let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        let whole = text.dropLast(precision)
        return precision == 0 ? sign + text : sign + whole + "." + text.suffix(precision)
    }

    /// `%.<precision>e`
    static func scientific(_ value: Double, precision: Int) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let sign = value.sign == .minus ? "-" : ""
        guard value != 0 else {
            return sign + "0" + (precision > 0 ? "." + String(repeating: "0", count: precision) : "") + "e+00"
        }
        let (digits, exponent) = ExactDecimal(abs(value)).significant(precision + 1)
        let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        let number = String(abs(exponent))
        return sign + text.prefix(1) + (precision > 0 ? "." + text.dropFirst() : "")
            + (exponent < 0 ? "e-" : "e+") + (number.count < 2 ? "0" + number : number)
    }
}

/// The exact decimal digits of a binary floating-point number.
private struct ExactDecimal {
    /// Digits, most significant first, and how many of them stand behind the point.
    private var digits: [UInt8]
    private var fraction: Int

    init(_ value: Double) {
        var digits = Array(
            String(value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)).utf8.map { $0 - 0x30 })
        let exponent = Int(value.exponentBitPattern == 0 ? 1 : value.exponentBitPattern) - 1075
        fraction = 0
        // Least significant first while multiplying.
        digits.reverse()
        let factor: UInt8 = exponent < 0 ? 5 : 2
        for _ in 0..<abs(exponent) { Self.multiply(&digits, by: factor) }
        if exponent < 0 { fraction = -exponent }
        digits.reverse()
        self.digits = digits
    }

    private static func multiply(_ digits: inout [UInt8], by factor: UInt8) {
        var carry: UInt8 = 0
        for index in digits.indices {
            let product = digits[index] * factor + carry
            digits[index] = product % 10
            carry = product / 10
        }
        if carry > 0 { digits.append(carry) }
    }

    /// The digits of the number times 10^places, rounded to a whole number.
    func rounded(places: Int) -> [UInt8] {
        if places >= fraction { return digits + [UInt8](repeating: 0, count: places - fraction) }
        return Self.round(digits, keeping: digits.count - (fraction - places))
    }

    /// So many significant digits, and the exponent of the first one.
    func significant(_ count: Int) -> (digits: [UInt8], exponent: Int) {
        let leading = digits.firstIndex { $0 != 0 } ?? 0
        let significant = Array(digits[leading...])
        var exponent = significant.count - 1 - fraction
        guard significant.count > count else {
            return (significant + [UInt8](repeating: 0, count: count - significant.count), exponent)
        }
        var rounded = Self.round(significant, keeping: count)
        if rounded.count > count {
            rounded.removeLast()
            exponent += 1
        }
        return (rounded, exponent)
    }

    private static func round(_ digits: [UInt8], keeping count: Int) -> [UInt8] {
        guard count >= 0 else { return [0] }
        var kept = Array(digits[..<count])
        let next = digits[count]
        let isHalf = next == 5 && digits[(count + 1)...].allSatisfy { $0 == 0 }
        let roundsUp = isHalf ? (kept.last ?? 0) % 2 == 1 : next >= 5
        guard roundsUp else { return kept.isEmpty ? [0] : kept }
        var index = kept.count - 1
        while index >= 0, kept[index] == 9 {
            kept[index] = 0
            index -= 1
        }
        if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
        return kept
    }
}
