extension Quantity: CustomStringConvertible {
    /// The canonical text: no fraction, no more than three digits that a larger suffix could carry, and
    /// the format kept unless it would lose precision (a binary quantity below 1024 is written in decimal).
    public var description: String {
        guard nanos != 0 else { return "0" }
        if format == .binarySI, isWhole, nanos <= -1024 * Self.unit || nanos >= 1024 * Self.unit {
            return binaryText
        }
        return decimalText
    }

    private var binaryText: String {
        var mantissa = nanos / Self.unit
        var exponent = 0
        while mantissa % 1024 == 0, exponent < 60 {
            mantissa /= 1024
            exponent += 10
        }
        return String(mantissa) + Self.suffix(in: Self.binarySuffixes, exponent: exponent)
    }

    private var decimalText: String {
        var mantissa = nanos
        var exponent = -9
        while mantissa % 10 == 0 {
            mantissa /= 10
            exponent += 1
        }
        while exponent % 3 != 0 {
            mantissa *= 10
            exponent -= 1
        }
        if format == .decimalExponent || exponent > 18 {
            return exponent == 0 ? String(mantissa) : "\(mantissa)e\(exponent)"
        }
        return String(mantissa) + Self.suffix(in: Self.decimalSuffixes, exponent: exponent)
    }

    private static func suffix(in table: [String: Int], exponent: Int) -> String {
        table.first { $0.value == exponent }?.key ?? ""
    }
}
