/// The `Warning` header (RFC 7234 section 5.5), in which an API server sends hints to its users.
enum WarningHeader {
    /// The texts of the warnings with code 299 in one header; what is malformed is left out.
    static func texts(_ header: String) -> [String] {
        var reader = Reader(bytes: Array(header.utf8))
        var texts: [String] = []
        while let warning = reader.warning() {
            if warning.code == "299" { texts.append(warning.text) }
            guard reader.skip(",") else { break }
        }
        return texts
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        mutating func skipSpace() {
            while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        }

        mutating func skip(_ mark: Unicode.Scalar) -> Bool {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
            index += 1
            return true
        }

        mutating func word() -> String? {
            skipSpace()
            let start = index
            while index < bytes.count, bytes[index] != 0x20 { index += 1 }
            return index == start ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
        }

        mutating func quoted() -> String? {
            guard skip("\"") else { return nil }
            var text: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                if byte == UInt8(ascii: "\\"), index < bytes.count {
                    text.append(bytes[index])
                    index += 1
                } else {
                    text.append(byte)
                }
            }
            return nil
        }

        /// `299 - "text"`, with a date behind that is left out.
        mutating func warning() -> (code: String, text: String)? {
            guard let code = word(), word() != nil, let text = quoted() else { return nil }
            skipSpace()
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { _ = quoted() }
            return (code, text)
        }
    }
}
