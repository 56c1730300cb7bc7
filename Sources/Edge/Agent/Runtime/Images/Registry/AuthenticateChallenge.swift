/// One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1).
struct AuthenticateChallenge: Equatable, Sendable {
    /// Lower case: `basic`, `bearer`.
    var scheme: String
    /// Names in lower case.
    var parameters: [String: String]

    /// All challenges of all headers; what cannot be read is left out.
    static func parse(_ headers: [String]) -> [AuthenticateChallenge] {
        headers.flatMap { header in
            var parser = ChallengeParser(Array(header.utf8))
            return parser.challenges()
        }
    }
}

private struct ChallengeParser {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func challenges() -> [AuthenticateChallenge] {
        var challenges: [AuthenticateChallenge] = []
        while true {
            skip { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x09 }
            guard let word = token() else { return challenges }
            skipSpace()
            if current == UInt8(ascii: "="), !challenges.isEmpty {
                index += 1
                skipSpace()
                guard let value = value() else { return challenges }
                challenges[challenges.count - 1].parameters[word.lowercased()] = value
            } else {
                challenges.append(AuthenticateChallenge(scheme: word.lowercased(), parameters: [:]))
            }
        }
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while let byte = current, isSkipped(byte) { index += 1 }
    }

    private mutating func skipSpace() { skip { $0 == 0x20 || $0 == 0x09 } }

    private mutating func token() -> String? {
        let start = index
        let separators = Array("()<>@,;:\\\"/[]?={} \t".utf8)
        skip { $0 > 0x20 && $0 < 0x7f && !separators.contains($0) }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private mutating func value() -> String? {
        guard current == UInt8(ascii: "\"") else { return token() }
        index += 1
        var text: [UInt8] = []
        while let byte = current {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = current {
                index += 1
                text.append(escaped)
            } else {
                text.append(byte)
            }
        }
        return nil
    }
}
