internal import EdgeJSON

/// Numbers with check digits, colours, and bytes in base64.
enum NumberFormat {
    private static func digits(_ text: String) -> [Int] {
        text.utf8.compactMap { Names.isDigit($0) ? Int($0 - UInt8(ascii: "0")) : nil }
    }

    private static func withoutDashes(_ text: String) -> String {
        text.replacing("-", with: "").replacing(" ", with: "")
    }

    static func isISBN10(_ text: String) -> Bool {
        let text = withoutDashes(text)
        guard text.utf8.count == 10 else { return false }
        var sum = 0
        for (index, byte) in text.utf8.enumerated() {
            if Names.isDigit(byte) {
                sum += (index + 1) * Int(byte - UInt8(ascii: "0"))
            } else if index == 9, byte | 0x20 == UInt8(ascii: "x") {
                sum += 100
            } else {
                return false
            }
        }
        return sum % 11 == 0
    }

    static func isISBN13(_ text: String) -> Bool {
        let text = withoutDashes(text)
        let digits = digits(text)
        guard text.utf8.count == 13, digits.count == 13 else { return false }
        return digits.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? 1 : 3) * $1.element } % 10 == 0
    }

    /// By Luhn's check digit and the lengths that are in use.
    static func isCreditCard(_ text: String) -> Bool {
        let digits = digits(text)
        guard (13...19).contains(digits.count) else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = index % 2 == 1 ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    static func isSocialSecurityNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        for (index, length) in [3, 2, 4].enumerated() {
            if index > 0, let first = rest.first, Names.isOneOf(first, "- ") { rest = rest.dropFirst() }
            guard rest.count >= length, rest.prefix(length).allSatisfy(Names.isDigit) else { return false }
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty
    }

    static func isHexColor(_ text: String) -> Bool {
        let digits = text.hasPrefix("#") ? String(text.dropFirst()) : text
        return (digits.utf8.count == 3 || digits.utf8.count == 6) && NamedFormat.isHex(digits)
    }

    /// `rgb(255, 0, 16)`
    static func isRGBColor(_ text: String) -> Bool {
        guard text.hasPrefix("rgb("), text.hasSuffix(")") else { return false }
        let parts = text.dropFirst(4).dropLast().split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in
                let number = part.filter { $0 != " " }
                return !number.isEmpty && number.utf8.allSatisfy(Names.isDigit) && (Int(number) ?? 256) <= 255
            }
    }

    static func isBase64(_ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        if case .canonical = Base64.check(text) { return true }
        return false
    }
}
