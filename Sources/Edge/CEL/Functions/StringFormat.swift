/// `string.format`: clauses `%s %d %f %e %b %x %X %o`, with a precision for `%f` and `%e`.
enum StringFormat {
    /// More digits than this are not written: a double has no more.
    private static let maximumPrecision = 1100

    private struct Clause {
        let letter: UInt8
        let precision: Int?
    }

    /// The number of clauses of a format; throws for one that is malformed.
    static func clauses(of format: String) throws(CELEvaluationError) -> Int {
        var count = 0
        try walk(format, text: { _ in }) { _ throws(CELEvaluationError) in count += 1 }
        return count
    }

    static func format(_ format: String, _ arguments: CELList) throws(CELEvaluationError) -> String {
        var output: [UInt8] = []
        var index = 0
        try walk(format, text: { output.append($0) }) { clause throws(CELEvaluationError) in
            guard index < arguments.count else { throw CELEvaluationError("index \(index) out of range") }
            output += try text(arguments[index], clause).utf8
            index += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func walk(
        _ format: String, text: (UInt8) -> Void, clause: (Clause) throws(CELEvaluationError) -> Void
    ) throws(CELEvaluationError) {
        let bytes = Array(format.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                text(bytes[index])
                index += 1
                continue
            }
            index += 1
            guard index < bytes.count else { throw CELEvaluationError("unexpected end of string") }
            if bytes[index] == UInt8(ascii: "%") {
                text(bytes[index])
                index += 1
                continue
            }
            let precision = try precision(bytes, &index)
            let letter = bytes[index]
            guard "sdfebxXo".utf8.contains(letter) else {
                throw malformed("unrecognized formatting clause \"\(Unicode.Scalar(letter))\"")
            }
            index += 1
            try clause(Clause(letter: letter, precision: precision))
        }
    }

    private static func malformed(_ cause: String) -> CELEvaluationError {
        CELEvaluationError("could not parse formatting clause: \(cause)")
    }

    private static func precision(_ bytes: [UInt8], _ index: inout Int) throws(CELEvaluationError) -> Int? {
        guard bytes[index] == UInt8(ascii: ".") else { return nil }
        index += 1
        let digits = bytes[index...].prefix(while: CharacterKind.isDigit)
        index += digits.count
        guard index < bytes.count else {
            throw malformed("error while parsing precision: could not find end of precision specifier")
        }
        guard let value = Int(String(decoding: digits, as: UTF8.self)), value <= maximumPrecision else {
            throw malformed("error while parsing precision: error while converting precision to integer")
        }
        return value
    }

    private static func failure(_ cause: String, _ value: CELValue) -> CELEvaluationError {
        CELEvaluationError("error during formatting: \(cause), was given \(value.type.name)")
    }

    private static func text(_ value: CELValue, _ clause: Clause) throws(CELEvaluationError) -> String {
        switch (clause.letter, value) {
        case (UInt8(ascii: "s"), _): return try string(value)
        case (UInt8(ascii: "d"), .int(let number)): return String(number)
        case (UInt8(ascii: "d"), .uint(let number)): return String(number)
        case (UInt8(ascii: "d"), _): throw failure("decimal clause can only be used on integers", value)
        case (UInt8(ascii: "f"), _):
            guard let number = double(value) else {
                throw failure("fixed-point clause can only be used on doubles", value)
            }
            return fixed(number, clause.precision ?? 6)
        case (UInt8(ascii: "e"), _):
            guard let number = double(value) else {
                throw failure("scientific clause can only be used on doubles", value)
            }
            return scientific(number, clause.precision ?? 6)
        case (UInt8(ascii: "b"), .bool(let flag)): return flag ? "1" : "0"
        case (UInt8(ascii: "b"), .int(let number)): return String(number, radix: 2)
        case (UInt8(ascii: "b"), .uint(let number)): return String(number, radix: 2)
        case (UInt8(ascii: "b"), _):
            throw failure("only integers and bools can be formatted as binary", value)
        case (UInt8(ascii: "o"), .int(let number)): return String(number, radix: 8)
        case (UInt8(ascii: "o"), .uint(let number)): return String(number, radix: 8)
        case (UInt8(ascii: "o"), _): throw failure("octal clause can only be used on integers", value)
        default: return try hexadecimal(value, isUpper: clause.letter == UInt8(ascii: "X"))
        }
    }

    private static func hexadecimal(_ value: CELValue, isUpper: Bool) throws(CELEvaluationError) -> String {
        func bytes(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: isUpper) }.joined()
        }
        switch value {
        case .int(let number): return String(number, radix: 16, uppercase: isUpper)
        case .uint(let number): return String(number, radix: 16, uppercase: isUpper)
        case .string(let text): return bytes(text.utf8)
        case .bytes(let data): return bytes(data)
        default: throw failure("only integers, byte buffers, and strings can be formatted as hex", value)
        }
    }

    /// The doubles of `%f` and `%e`; the texts of infinities and NaN stand for them.
    private static func double(_ value: CELValue) -> Double? {
        switch value {
        case .double(let number): number
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }

    /// With the grouping of the locale en_US, which this version of the library writes.
    private static func fixed(_ number: Double, _ precision: Int) -> String {
        guard number.isFinite else { return special(number) }
        let text = GoNumber.fixed(abs(number), precision: precision)
        let whole = text.prefix { $0 != "." }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (number.sign == .minus ? "-" : "") + grouped + text.dropFirst(whole.count)
    }

    /// `1.052033 × 10⁰³` with narrow spaces, as that locale writes exponents.
    private static func scientific(_ number: Double, _ precision: Int) -> String {
        guard number.isFinite else { return special(number) }
        let parts = GoNumber.scientific(number, precision: precision).split(separator: "e")
        let superscripts: [Character: Character] = [
            "0": "\u{2070}", "1": "\u{b9}", "2": "\u{b2}", "3": "\u{b3}", "4": "\u{2074}", "5": "\u{2075}",
            "6": "\u{2076}", "7": "\u{2077}", "8": "\u{2078}", "9": "\u{2079}", "-": "\u{207b}",
        ]
        let exponent = parts[1].filter { $0 != "+" }.map { superscripts[$0] ?? $0 }
        return "\(parts[0])\u{202f}\u{d7}\u{202f}10\(String(exponent))"
    }

    private static func special(_ number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-\u{221e}" : "\u{221e}"
    }

    private static func string(_ value: CELValue) throws(CELEvaluationError) -> String {
        switch value {
        case .list, .map: return try literal(value)
        case .optional, .opaque:
            throw failure(
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, "
                    + "durations, and timestamps", value)
        default: return value.plainText
        }
    }

    /// A value within a list or a map.
    private static func literal(_ value: CELValue) throws(CELEvaluationError) -> String {
        switch value {
        case .string(let text): return StringFunctions.goQuoted(text)
        case .bytes(let bytes): return "b" + StringFunctions.goQuoted(String(decoding: bytes, as: UTF8.self))
        case .timestamp, .duration:
            let name = if case .timestamp = value { "timestamp" } else { "duration" }
            return "\(name)(\(StringFunctions.goQuoted(value.plainText)))"
        case .double(let number):
            return number.isFinite
                ? GoNumber.fixed(number, precision: 6) : "\"\(GoNumber.fixed(number, precision: 6))\""
        case .list(let list):
            var texts: [String] = []
            for element in list.values { texts.append(try literal(element)) }
            return "[" + texts.joined(separator: ", ") + "]"
        case .map(let map):
            var texts: [String] = []
            for key in map.keys { texts.append("\(try literal(key)):\(try literal(map.find(key) ?? .null))") }
            return "{" + texts.sorted().joined(separator: ", ") + "}"
        case .optional, .opaque:
            throw CELEvaluationError("error during formatting: no formatting function for \(value.type.name)")
        default: return value.plainText
        }
    }
}
