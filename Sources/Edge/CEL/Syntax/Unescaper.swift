/// Resolves the escapes of a string or bytes literal.
struct Unescaper {
    let scalars: ArraySlice<Unicode.Scalar>
    let isBytes: Bool
    private var output: [UInt8] = []

    init(scalars: ArraySlice<Unicode.Scalar>, isBytes: Bool) {
        self.scalars = scalars
        self.isBytes = isBytes
    }

    /// The bytes of the literal; nil for an escape that is none.
    mutating func unescaped() -> [UInt8]? {
        var rest = scalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                // Line breaks are the same whatever the file's are.
                if scalar == "\r" {
                    if rest.first == "\n" { rest.removeFirst() }
                    append("\n")
                } else {
                    append(scalar)
                }
                continue
            }
            guard let letter = rest.popFirst() else { return nil }
            if let plain = Self.plain[letter] {
                append(plain)
                continue
            }
            let value: UInt32?
            switch letter {
            case "x", "X": value = Self.number(&rest, digits: 2, base: 16)
            case "u" where !isBytes: value = Self.number(&rest, digits: 4, base: 16)
            case "U" where !isBytes: value = Self.number(&rest, digits: 8, base: 16)
            case "0"..."3":
                value = Self.number(&rest, digits: 2, base: 8).map { (letter.value - 0x30) * 64 + $0 }
            default: value = nil
            }
            guard let value else { return nil }
            if isBytes {
                output.append(UInt8(truncatingIfNeeded: value))
            } else {
                guard let scalar = Unicode.Scalar(value) else { return nil }
                append(scalar)
            }
        }
        return output
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        output += UTF8.encode(scalar).map(Array.init) ?? []
    }

    private static let plain: [Unicode.Scalar: Unicode.Scalar] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}", "\"": "\"",
        "'": "'", "\\": "\\", "?": "?", "`": "`",
    ]

    private static func number(_ rest: inout ArraySlice<Unicode.Scalar>, digits: Int, base: UInt32) -> UInt32?
    {
        guard rest.count >= digits else { return nil }
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = rest.popFirst(), scalar.isASCII,
                let digit = CharacterKind.hexValue(UInt8(truncatingIfNeeded: scalar.value)), digit < base
            else { return nil }
            value = value &* base &+ digit
        }
        return value
    }
}
