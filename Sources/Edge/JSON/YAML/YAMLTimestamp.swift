/// The forms of dates that YAML 1.1 types as timestamps: they stay text, but are quoted when written.
enum YAMLTimestamp {
    static func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-"), bytes[..<4].allSatisfy({ $0 &- 48 < 10 })
        else {
            return false
        }
        var fields = Fields(bytes[5...])
        guard let month = fields.number(), (1...12).contains(month), fields.skip("-"),
            let day = fields.number(), (1...31).contains(day)
        else { return false }
        if fields.rest.isEmpty { return true }
        let isLocal = fields.skip(" ")
        guard isLocal || fields.skip("Tt"), let hour = fields.number(), hour < 24, fields.skip(":"),
            let minute = fields.number(), minute < 60, fields.skip(":"), let second = fields.number(),
            second < 60
        else { return false }
        if fields.skip("."), !fields.skipDigits() { return false }
        return isLocal ? fields.rest.isEmpty : fields.isZone
    }

    private struct Fields {
        var rest: ArraySlice<UInt8>

        init(_ rest: ArraySlice<UInt8>) { self.rest = rest }

        /// One or two digits.
        mutating func number() -> Int? {
            let digits = rest.prefix(2).prefix { $0 &- 48 < 10 }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
        }

        mutating func skip(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func skipDigits() -> Bool {
            let count = rest.prefix { $0 &- 48 < 10 }.count
            rest = rest.dropFirst(count)
            return count > 0
        }

        /// `Z` or `+07:00`, and nothing behind it.
        var isZone: Bool {
            if rest.elementsEqual("Z".utf8) { return true }
            let zone = Array(rest)
            return zone.count == 6 && (zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"))
                && zone[3] == UInt8(ascii: ":")
                && [1, 2, 4, 5].allSatisfy { zone[$0] &- 48 < 10 }
        }
    }
}
