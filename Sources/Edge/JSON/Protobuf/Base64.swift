/// Base64 with padding (RFC 4648 section 4): how JSON carries bytes that protobuf carries as they are.
public enum Base64 {
    public enum Check: Equatable, Sendable {
        /// Decodes, and is what `encode` gives.
        case canonical
        /// Decodes once its line breaks are taken out, as Go's decoder does.
        case hasLineBreaks
        /// The offset of the first byte that does not fit.
        case illegal(Int)
    }

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                for shift in [18, 12, 6, 0] as [UInt32] { text.append(digit(bits >> shift)) }
                (bits, count) = (0, 0)
            }
        }
        if count == 1 {
            text += [digit(bits >> 2), digit(bits << 4), pad, pad]
        } else if count == 2 {
            text += [digit(bits >> 10), digit(bits >> 4), digit(bits << 2), pad]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for a text that is not Base64; line breaks are skipped.
    public static func decode(_ text: String) -> [UInt8]? {
        if case .illegal = check(text) { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            guard let value = value(of: character) else { continue }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count == 4 {
                bytes += [UInt8(bits >> 16 & 0xff), UInt8(bits >> 8 & 0xff), UInt8(bits & 0xff)]
                (bits, count) = (0, 0)
            }
        }
        if count == 2 { bytes.append(UInt8(bits >> 4 & 0xff)) }
        if count == 3 { bytes += [UInt8(bits >> 10 & 0xff), UInt8(bits >> 2 & 0xff)] }
        return bytes
    }

    /// Checks alphabet, length and padding without decoding.
    public static func check(_ text: String) -> Check {
        var text = text
        return text.withUTF8 { bytes in
            var count = 0
            var padding = 0
            var hasLineBreaks = false
            for (offset, byte) in bytes.enumerated() {
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    hasLineBreaks = true
                } else if byte == pad {
                    padding += 1
                    guard count % 4 >= 2, count % 4 + padding <= 4 else { return .illegal(offset) }
                } else {
                    guard padding == 0, value(of: byte) != nil else { return .illegal(offset) }
                    count += 1
                }
            }
            guard (count + padding) % 4 == 0 else { return .illegal(bytes.count / 4 * 4) }
            return hasLineBreaks ? .hasLineBreaks : .canonical
        }
    }

    private static let pad = UInt8(ascii: "=")

    private static func digit(_ bits: UInt32) -> UInt8 {
        switch UInt8(bits & 0x3f) {
        case let value where value < 26: value + UInt8(ascii: "A")
        case let value where value < 52: value - 26 + UInt8(ascii: "a")
        case let value where value < 62: value - 52 + UInt8(ascii: "0")
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
