/// Gives scalars their YAML 1.1 types as go-yaml v2 does, which sigs.k8s.io/yaml builds on.
enum YAMLScalar {
    static func resolve(
        _ text: String, tag: String?, isPlain: Bool, line: Int
    ) throws(YAMLError) -> JSONValue {
        switch tag {
        case nil: return isPlain ? try plain(text, line) : .string(text)
        case "tag:yaml.org,2002:str", "!": return .string(text)
        case "tag:yaml.org,2002:binary":
            guard let bytes = Base64.decode(text.filter { !$0.isWhitespace }) else {
                throw YAMLError("!!binary value contains invalid base64 data", line: line)
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
            "tag:yaml.org,2002:null":
            return try tagged(text, tag ?? "", line)
        default: return .string(text)
        }
    }

    private static func tagged(_ text: String, _ tag: String, _ line: Int) throws(YAMLError) -> JSONValue {
        let value = try plain(text, line)
        switch (tag.split(separator: ":").last, value) {
        case ("int", .int), ("float", .int), ("float", .double), ("bool", .bool), ("null", .null):
            return value
        default:
            throw YAMLError(
                "cannot decode `\(text)` as a !!\(tag.split(separator: ":").last ?? "")", line: line)
        }
    }

    private static func plain(_ text: String, _ line: Int) throws(YAMLError) -> JSONValue {
        switch kind(of: text) {
        case .value(let value): return value
        case .timestamp, .text: return .string(text)
        case .notFinite: throw YAMLError("json: unsupported value: \(text)", line: line)
        }
    }

    /// What an unquoted text means.
    enum Kind {
        case text
        case timestamp
        case notFinite
        case value(JSONValue)
    }

    static func kind(of text: String) -> Kind {
        guard let first = text.utf8.first else { return .value(.null) }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            if let word = words[text] { return word }
            return number(text)
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"),
            UInt8(ascii: "~"):
            return words[text] ?? .text
        default: return .text
        }
    }

    private static let words: [String: Kind] = {
        var words: [String: Kind] = [:]
        for (names, value) in [
            ("y yes true on", true as JSONValue), ("n no false off", false), ("null", .null),
        ] {
            for name in names.split(separator: " ") {
                let capital = name.prefix(1).uppercased() + name.dropFirst()
                for form in [String(name), capital, name.uppercased()] { words[form] = .value(value) }
            }
        }
        words["~"] = .value(.null)
        for name in [".nan", ".NaN", ".NAN"] { words[name] = .notFinite }
        for sign in ["", "+", "-"] {
            for name in [".inf", ".Inf", ".INF"] { words[sign + name] = .notFinite }
        }
        return words
    }()

    private static func number(_ text: String) -> Kind {
        if YAMLTimestamp.matches(text) { return .timestamp }
        let plain = text.utf8.first == UInt8(ascii: ".") ? text : text.filter { $0 != "_" }
        if text.utf8.first != UInt8(ascii: "."), let value = integer(plain) { return .value(value) }
        guard isDecimalFloat(plain), let value = Double(plain) else { return .text }
        guard value.isFinite else { return .text }
        return .value(double(value))
    }

    /// Go writes a whole float into JSON without a fraction, so that it is an integer from there on.
    private static func double(_ value: Double) -> JSONValue {
        abs(value) < 1e18 ? Int64(exactly: value).map(JSONValue.int) ?? .double(value) : .double(value)
    }

    /// Decimal, `0x`, `0o`, `0b`, and octal with a leading 0.
    private static func integer(_ text: String) -> JSONValue? {
        var digits = text[...]
        var sign = ""
        if let first = digits.first, first == "+" || first == "-" {
            sign = first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        var radix = 10
        if digits.hasPrefix("0"), digits.utf8.count > 1 {
            switch digits.utf8.dropFirst().first {
            case UInt8(ascii: "x"), UInt8(ascii: "X"): (radix, digits) = (16, digits.dropFirst(2))
            case UInt8(ascii: "o"), UInt8(ascii: "O"): (radix, digits) = (8, digits.dropFirst(2))
            case UInt8(ascii: "b"), UInt8(ascii: "B"): (radix, digits) = (2, digits.dropFirst(2))
            default: (radix, digits) = (8, digits.dropFirst())
            }
        }
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else {
            return nil
        }
        if let value = Int64(sign + digits, radix: radix) { return .int(value) }
        if sign.isEmpty, let value = UInt64(digits, radix: radix) { return .double(Double(value)) }
        return nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isDecimalFloat(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        func skipDigits() -> Int {
            let count = bytes.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
            bytes = bytes.dropFirst(count)
            return count
        }
        func skip(_ characters: String) -> Bool {
            guard let first = bytes.first, characters.utf8.contains(first) else { return false }
            bytes = bytes.dropFirst()
            return true
        }
        _ = skip("+-")
        let whole = skipDigits()
        if skip(".") {
            guard skipDigits() > 0 || whole > 0 else { return false }
        } else if whole == 0 {
            return false
        }
        if skip("eE") {
            _ = skip("+-")
            guard skipDigits() > 0 else { return false }
        }
        return bytes.isEmpty
    }

    /// The name of a member: JSON has no other keys than strings.
    static func key(_ value: JSONValue, line: Int) throws(YAMLError) -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .double(let number): return DoubleText.shortest(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .null: throw YAMLError("unsupported map key of type: null", line: line)
        case .array: throw YAMLError("unsupported map key of type: sequence", line: line)
        case .object: throw YAMLError("invalid map key: a mapping", line: line)
        }
    }
}
