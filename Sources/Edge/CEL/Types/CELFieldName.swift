/// The names by which CEL calls fields whose own names are no CEL identifiers (Kubernetes' escaping of
/// property names in validation rules).
public enum CELFieldName {
    static let keywords: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
        "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// `namespace` becomes `__namespace__`, `a-b` becomes `a__dash__b`; nil for names that stay out of reach.
    public static func escaped(_ name: String) -> String? {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return nil
        }
        if keywords.contains(name) { return "__\(name)__" }
        var escaped: [UInt8] = []
        let bytes = Array(name.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "."): escaped += "__dot__".utf8
            case UInt8(ascii: "-"): escaped += "__dash__".utf8
            case UInt8(ascii: "/"): escaped += "__slash__".utf8
            case UInt8(ascii: "_") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "_"):
                escaped += "__underscores__".utf8
                index += 1
            default:
                guard CharacterKind.isIdentifier(byte) else { return nil }
                escaped.append(byte)
            }
            index += 1
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// The inverse; nil for an escape that is none.
    public static func unescaped(_ name: String) -> String? {
        var text: [UInt8] = []
        let bytes = Array(name.utf8)
        let underscore = UInt8(ascii: "_")
        var index = 0
        while index < bytes.count {
            let isEscape =
                bytes[index] == underscore && index + 1 < bytes.count && bytes[index + 1] == underscore
            guard isEscape, let end = bytes[(index + 2)...].firstIndex(of: underscore), end > index + 2,
                end + 1 < bytes.count, bytes[end + 1] == underscore
            else {
                text.append(bytes[index])
                index += 1
                continue
            }
            let word = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
            switch word {
            case "underscores": text += "__".utf8
            case "dot": text.append(UInt8(ascii: "."))
            case "dash": text.append(UInt8(ascii: "-"))
            case "slash": text.append(UInt8(ascii: "/"))
            default:
                guard keywords.contains(word), index == 0, end + 2 == bytes.count else { return nil }
                text += word.utf8
            }
            index = end + 2
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// ASCII characters of identifiers and numbers.
enum CharacterKind {
    static func isLetter(_ byte: UInt8) -> Bool {
        (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte == 0x5f
    }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isIdentifier(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x41 + 10)
        case 0x61...0x66: UInt32(byte - 0x61 + 10)
        default: nil
        }
    }
}
