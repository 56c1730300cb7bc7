/// Recognises the usual texts that are canonical already, without the cost of parsing them.
enum CanonicalText {
    /// `2026-11-21T03:04:05Z` with every number in its range; days past the 28th are left to the parser.
    static func isTime(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count == 20 else { return false }
            func number(_ index: Int) -> Int {
                let high = Int(bytes[index]) - 48
                let low = Int(bytes[index + 1]) - 48
                return (0...9).contains(high) && (0...9).contains(low) ? high * 10 + low : 100
            }
            return number(0) < 100 && number(2) < 100 && bytes[4] == UInt8(ascii: "-")
                && (1...12).contains(number(5)) && bytes[7] == UInt8(ascii: "-")
                && (1...28).contains(number(8)) && bytes[10] == UInt8(ascii: "T") && number(11) < 24
                && bytes[13] == UInt8(ascii: ":") && number(14) < 60 && bytes[16] == UInt8(ascii: ":")
                && number(17) < 60 && bytes[19] == UInt8(ascii: "Z")
        }
    }

    /// `128Mi`, `250m`, `2`: a whole number that no larger suffix could carry.
    static func isQuantity(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var number = 0
            var index = 0
            while index < bytes.count, index < 15, case let digit = bytes[index] &- 48, digit < 10 {
                number = number * 10 + Int(digit)
                index += 1
            }
            guard index > 0, number > 0, bytes[0] != UInt8(ascii: "0") else { return false }
            switch bytes.count - index {
            case 0: return number % 1000 != 0
            case 1: return number % 1000 != 0 && "mkMGT".utf8.contains(bytes[index])
            case 2:
                return number % 1024 != 0 && number < 1 << 30 && bytes[index + 1] == UInt8(ascii: "i")
                    && "KMG".utf8.contains(bytes[index])
            default: return false
            }
        }
    }
}
