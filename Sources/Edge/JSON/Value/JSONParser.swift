/// Reads RFC 8259 text into a `JSONValue`. Nesting is limited, numbers that fit 64 bits stay exact, broken
/// UTF-8 becomes U+FFFD as in Go's decoder, and of a repeated key the last value counts.
public struct JSONParser {
    /// How deeply values may nest: what the stack of a pool thread (512 KiB) holds with a wide margin.
    public static let maximumDepth = 500

    /// Paths of the object members that stood more than once, such as `spec.containers[0].name`.
    public private(set) var duplicateKeys: [String] = []

    private let base: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0
    private var path: [String] = []
    private let recordsDuplicates: Bool

    private init(_ base: UnsafeBufferPointer<UInt8>, recordsDuplicates: Bool) {
        self.base = base
        self.recordsDuplicates = recordsDuplicates
    }

    /// Parses a whole text: one value with nothing but white space around it.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(JSONError) -> JSONValue {
        try parse(bytes, recordingDuplicates: false).value
    }

    /// Parses a whole text and also says which keys stood twice, for `fieldValidation=Strict`.
    public static func parse(
        _ bytes: some Sequence<UInt8>, recordingDuplicates: Bool
    ) throws(JSONError) -> (value: JSONValue, duplicateKeys: [String]) {
        func run(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<(JSONValue, [String]), JSONError> {
            var parser = JSONParser(buffer, recordsDuplicates: recordingDuplicates)
            do throws(JSONError) {
                return .success((try parser.document(), parser.duplicateKeys))
            } catch {
                return .failure(error)
            }
        }
        let result = bytes.withContiguousStorageIfAvailable(run) ?? Array(bytes).withUnsafeBufferPointer(run)
        return try result.get()
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard index == base.count else { throw failure("unexpected text after the JSON value") }
        return value
    }

    private func failure(_ message: String) -> JSONError { JSONError(message, offset: index) }

    private mutating func skipSpace() {
        while index < base.count {
            switch base[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard index < base.count else { throw failure("unexpected end of JSON input") }
        switch base[index] {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("invalid character looking for the beginning of a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure("exceeded the maximum nesting depth") }
        defer { depth -= 1 }
        index += 1
        return try body(&self)
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < base.count, base[index] == text.utf8Start[offset] else {
                throw failure("invalid literal, expected \(text)")
            }
            index += 1
        }
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            if recordsDuplicates { path.append("[\(elements.count)]") }
            elements.append(try value())
            if recordsDuplicates { path.removeLast() }
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "]")) { return .array(elements) }
            throw failure("expected ',' or ']' after an array element")
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONObject.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
        members.reserveCapacity(4)
        var seen = SeenKeys()
        while true {
            skipSpace()
            guard index < base.count, base[index] == UInt8(ascii: "\"") else {
                throw failure("expected a string as object key")
            }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after an object key") }
            if recordsDuplicates { path.append(key) }
            let value = try value()
            if let place = seen.place(of: key, in: members) {
                if recordsDuplicates { duplicateKeys.append(pathText) }
                members[place].value = value
            } else {
                seen.insert(key, after: members)
                members.append(JSONObject.Member(key, value))
            }
            if recordsDuplicates { path.removeLast() }
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "}")) { return .object(JSONObject(uniqueMembers: members)) }
            throw failure("expected ',' or '}' after an object member")
        }
    }

    /// `spec.containers[0].name`
    private var pathText: String {
        path.reduce(into: "") { text, step in
            if !text.isEmpty, step.utf8.first != UInt8(ascii: "[") { text += "." }
            text += step
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < base.count, base[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while index < base.count {
            let byte = base[index]
            if byte == UInt8(ascii: "\"") {
                defer { index += 1 }
                return String(decoding: UnsafeBufferPointer(rebasing: base[start..<index]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw failure("invalid control character in a string") }
            index += 1
        }
        throw failure("unexpected end of JSON input in a string")
    }

    /// The slow path of `string`: the text has escapes.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(base[start..<index])
        while index < base.count {
            let byte = base[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw failure("invalid control character in a string")
            default: text.append(byte)
            }
        }
        throw failure("unexpected end of JSON input in a string")
    }

    /// What stands behind a backslash; a lone surrogate becomes U+FFFD.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard index < base.count else { throw failure("unexpected end of JSON input in an escape") }
        let byte = base[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexUnit()
            if unit & 0xfc00 == 0xd800, index + 1 < base.count, base[index] == UInt8(ascii: "\\"),
                base[index + 1] == UInt8(ascii: "u")
            {
                let mark = index
                index += 2
                let low = try hexUnit()
                if low & 0xfc00 == 0xdc00 {
                    return Unicode.Scalar((unit & 0x3ff) << 10 + (low & 0x3ff) + 0x10000) ?? "\u{fffd}"
                }
                index = mark
            }
            return Unicode.Scalar(unit) ?? "\u{fffd}"
        default: throw failure("invalid escape in a string")
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard index + 4 <= base.count else { throw failure("unexpected end of JSON input in an escape") }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexDigit(base[index]) else {
                throw failure("invalid hexadecimal digit in an escape")
            }
            unit = unit << 4 | digit
            index += 1
        }
        return unit
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let integerStart = index
        var magnitude: UInt64 = 0
        var fits = true
        while index < base.count, case let digit = base[index] &- UInt8(ascii: "0"), digit < 10 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overflowed) = product.addingReportingOverflow(UInt64(digit))
            fits = fits && !overflow && !overflowed
            magnitude = sum
            index += 1
        }
        guard index > integerStart else { throw failure("expected a digit in a number") }
        guard base[integerStart] != UInt8(ascii: "0") || index == integerStart + 1 else {
            throw failure("a number must not begin with a zero")
        }
        let isWhole = try !fractionAndExponent()
        if isWhole, fits {
            if start == integerStart, let value = Int64(exactly: magnitude) { return .int(value) }
            if start < integerStart, magnitude <= UInt64(Int64.max) + 1 {
                return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
            }
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: base[start..<index]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw failure("number out of range") }
        return .double(value)
    }

    /// Skips `.5e+7`; says whether there was anything of it.
    private mutating func fractionAndExponent() throws(JSONError) -> Bool {
        let start = index
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return index > start
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while index < base.count, base[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > start else { throw failure("expected a digit in a number") }
    }
}

/// Finds repeated keys: by comparing while an object is small, by hashing once it has grown, so that an
/// object of a hundred thousand keys costs no quadratic time.
private struct SeenKeys {
    private static let threshold = 32
    private var places: [String: Int] = [:]

    func place(of key: String, in members: [JSONObject.Member]) -> Int? {
        members.count < Self.threshold ? members.firstIndex { $0.key == key } : places[key]
    }

    mutating func insert(_ key: String, after members: [JSONObject.Member]) {
        if members.count < Self.threshold - 1 { return }
        if places.isEmpty {
            for (place, member) in members.enumerated() { places[member.key] = place }
        }
        places[key] = members.count
    }
}
