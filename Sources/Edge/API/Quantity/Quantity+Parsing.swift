public import EdgeJSON

extension Quantity {
    /// Parses `1.5Gi`, `500m`, `12e6`, ... as Kubernetes does: what is finer than a nano is rounded away
    /// from zero, a binary quantity is clamped to 2^63-1.
    public init(_ text: String) throws(QuantityError) {
        var reader = QuantityReader(Array(text.utf8))
        let (isNegative, number, suffix) = try reader.read()
        guard let (base, exponent, format) = Self.interpret(suffix) else { throw .suffix }
        var nanos: Int128
        switch base {
        case 2: nanos = try Self.binary(number, shift: exponent)
        default: nanos = try Self.decimal(number, exponent: exponent)
        }
        var finalFormat = format
        if format == .binarySI {
            nanos = min(nanos, Int128(Int64.max) * Self.unit)
            if nanos > 0, nanos < Self.unit { finalFormat = .decimalSI }
        }
        self.init(nanos: isNegative ? -nanos : nanos, format: finalFormat)
    }

    /// A quantity in JSON: a string, or a bare number.
    public init(_ value: JSONValue) throws(QuantityError) {
        switch value {
        case .string(let text): try self.init(text)
        case .int(let number): self.init(number)
        case .double(let number): try self.init(Self.plainText(number))
        default: throw .format
        }
    }

    /// Swift writes 1e+20 where the suffix grammar wants 1e20.
    private static func plainText(_ number: Double) -> String {
        number.description.filter { $0 != "+" }
    }

    private static func decimal(
        _ number: QuantityReader.Number, exponent: Int
    ) throws(QuantityError) -> Int128 {
        let places = exponent + 9 - number.fractionDigits
        guard number.digits != 0 else { return 0 }
        if places >= 0 {
            guard places <= 38, let scaled = multiply(number.digits, powerOfTen(places)) else {
                throw .tooLarge
            }
            return number.dropsDigits ? scaled + 1 : scaled
        }
        return divideUp(number.digits, places: -places, extra: number.dropsDigits)
    }

    private static func binary(_ number: QuantityReader.Number, shift: Int) throws(QuantityError) -> Int128 {
        let limit = Int128(Int64.max) * unit
        guard number.digits != 0 else { return 0 }
        // What lies above the limit is clamped to it, so an overflow of the product is not an error.
        guard let shifted = multiply(number.digits, Int128(1) << shift) else { return limit }
        let places = 9 - number.fractionDigits
        if places >= 0 {
            guard let scaled = multiply(shifted, powerOfTen(places)) else { return limit }
            return scaled
        }
        return divideUp(shifted, places: -places, extra: number.dropsDigits)
    }

    private static func divideUp(_ number: Int128, places: Int, extra: Bool) -> Int128 {
        guard places <= 38 else { return 1 }
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: powerOfTen(places))
        return remainder == 0 && !extra ? quotient : quotient + 1
    }

    private static func multiply(_ left: Int128, _ right: Int128) -> Int128? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }

    static func powerOfTen(_ exponent: Int) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }

    /// The base, exponent and format that a suffix stands for.
    private static func interpret(_ suffix: String) -> (base: Int, exponent: Int, format: Format)? {
        if let exponent = decimalSuffixes[suffix] { return (10, exponent, .decimalSI) }
        if let exponent = binarySuffixes[suffix] { return (2, exponent, .binarySI) }
        guard suffix.utf8.count > 1, let first = suffix.utf8.first,
            first == UInt8(ascii: "e") || first == UInt8(ascii: "E"), let exponent = Int(suffix.dropFirst()),
            abs(exponent) < 1000
        else { return nil }
        return (10, exponent, .decimalExponent)
    }

    static let decimalSuffixes: [String: Int] = [
        "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
    ]
    static let binarySuffixes: [String: Int] = ["Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60]
}

/// Splits the text of a quantity into sign, number and suffix.
struct QuantityReader {
    /// Digits without the point, and how many of them stood behind it. Digits past what 128 bits hold are
    /// dropped where they are part of the fraction; whether one of those was not zero is kept for rounding.
    struct Number {
        var digits: Int128 = 0
        var fractionDigits = 0
        var dropsDigits = false
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws(QuantityError) -> (isNegative: Bool, number: Number, suffix: String) {
        guard !bytes.isEmpty else { throw .format }
        var isNegative = false
        if let sign = peek, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            index += 1
        }
        let number = try readNumber()
        let suffix = try readSuffix()
        return (isNegative, number, suffix)
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func readNumber() throws(QuantityError) -> Number {
        var number = Number()
        var count = 0
        while let digit = nextDigit() {
            count += 1
            let (product, overflow) = number.digits.multipliedReportingOverflow(by: 10)
            guard !overflow, product <= Int128.max - 10 else { throw .tooLarge }
            number.digits = product + digit
        }
        guard peek == UInt8(ascii: ".") else {
            if count == 0 {
                _ = try readSuffix()
                throw .number
            }
            return number
        }
        index += 1
        while let digit = nextDigit() {
            count += 1
            // Thirty digits hold every fraction that can matter; the rest only rounds up.
            if number.digits < Quantity.powerOfTen(29), number.fractionDigits < 29 {
                number.digits = number.digits * 10 + digit
                number.fractionDigits += 1
            } else if digit != 0 {
                number.dropsDigits = true
            }
        }
        guard count > 0 else { throw .number }
        return number
    }

    private mutating func nextDigit() -> Int128? {
        guard let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        index += 1
        return Int128(byte - UInt8(ascii: "0"))
    }

    private mutating func readSuffix() throws(QuantityError) -> String {
        let start = index
        while let byte = peek, "eEinumkKMGTP".utf8.contains(byte) { index += 1 }
        if let byte = peek, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { index += 1 }
        while nextDigit() != nil {}
        guard index == bytes.count else { throw .format }
        return String(decoding: bytes[start...], as: UTF8.self)
    }
}
