/// Texts of floating-point numbers as Go writes them: the shortest digits that read back the same.
enum DoubleText {
    /// For JSON: exponents only below 1e-6 and from 1e21 on (`encoding/json`).
    static func json(_ number: Double) -> String {
        let magnitude = abs(number)
        if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 {
            return exponential(number, minimumExponentDigits: 1)
        }
        return positional(number)
    }

    /// For YAML and keys: exponents below 1e-4 and from 1e6 on (Go's format `g`).
    static func shortest(_ number: Double) -> String {
        if number.isNaN { return ".nan" }
        if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
        let magnitude = abs(number)
        if magnitude != 0, magnitude < 1e-4 || magnitude >= 1e6 {
            return exponential(number, minimumExponentDigits: 2)
        }
        return positional(number)
    }

    /// The digits without zeros at their ends, and the place of the point counted from their begin.
    private static func digits(_ number: Double) -> (digits: [UInt8], point: Int) {
        let text = abs(number).description
        let parts = text.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(mantissa[0].utf8)
        var point = digits.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        if mantissa.count > 1 { digits += Array(mantissa[1].utf8) }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        return (digits, point)
    }

    private static func positional(_ number: Double) -> String {
        if number == 0 { return "0" }
        let (digits, point) = digits(number)
        var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        if point <= 0 {
            text += "0.".utf8
            text += [UInt8](repeating: UInt8(ascii: "0"), count: -point) + digits
        } else if point >= digits.count {
            text += digits + [UInt8](repeating: UInt8(ascii: "0"), count: point - digits.count)
        } else {
            text += digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func exponential(_ number: Double, minimumExponentDigits: Int) -> String {
        let (digits, point) = digits(number)
        var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        text.append(digits[0])
        if digits.count > 1 { text += [UInt8(ascii: ".")] + digits[1...] }
        let exponent = point - 1
        text += exponent < 0 ? "e-".utf8 : "e+".utf8
        let exponentDigits = Array(String(abs(exponent)).utf8)
        text += [UInt8](
            repeating: UInt8(ascii: "0"), count: max(0, minimumExponentDigits - exponentDigits.count))
        text += exponentDigits
        return String(decoding: text, as: UTF8.self)
    }
}
