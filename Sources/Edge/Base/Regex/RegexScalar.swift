/// Code points of UTF-8 text, and which of them are the same but for their case.
enum RegexScalar {
    /// The code point at an offset and its length; invalid bytes count as U+FFFD of one byte.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (value: UInt32, length: Int) {
        let first = bytes[offset]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        guard first >= 0xc0, offset + length <= bytes.count else { return (0xfffd, 1) }
        var value = UInt32(first) & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
        for index in 1..<length { value = value << 6 | UInt32(bytes[offset + index] & 0x3f) }
        return (value, length)
    }

    static func isWord(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5a, 0x5f, 0x61...0x7a: true
        default: false
        }
    }

    /// The code points that equal this one when case does not count, without itself.
    static func otherCases(_ value: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(value), scalar.properties.isCased else { return [] }
        let lower = single(scalar.properties.lowercaseMapping)
        let upper = single(scalar.properties.uppercaseMapping)
        let others = [
            lower, upper, lower.flatMap { single($0.properties.uppercaseMapping) },
            upper.flatMap { single($0.properties.lowercaseMapping) },
        ]
        return others.compactMap { $0?.value }.filter { $0 != value }
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
