/// A URL taken apart as Go's `net/url` does.
struct GoURL: Sendable {
    private(set) var scheme = ""
    private(set) var host = ""
    private(set) var path = ""
    private(set) var query = ""
    private var isOpaque = false
    let text: String

    /// Parses an absolute URI or an absolute path (`url.ParseRequestURI`); the error is Go's.
    init(request text: String) throws(CELEvaluationError) {
        self.text = text
        let failure: (String) -> CELEvaluationError = {
            CELEvaluationError("parse \(StringFunctions.goQuoted(text)): \($0)")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw failure("net/url: invalid control character in URL")
        }
        guard !text.isEmpty else { throw failure("empty url") }
        if text == "*" {
            path = "*"
            return
        }
        var rest = try takeScheme(text[...], failure)
        // A request's URI has no fragment: there `#` belongs to the path. What `url.Parse` makes of the text
        // afterwards is without it.
        let isRooted = rest.hasPrefix("/")
        if !isRooted {
            guard !scheme.isEmpty else { throw failure("invalid URI for request") }
            isOpaque = true
            if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
            if let mark = rest.firstIndex(of: "?") { query = String(rest[rest.index(after: mark)...]) }
            return
        }
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if rest.hasPrefix("//"), !scheme.isEmpty {
            let authority = rest.dropFirst(2).prefix { $0 != "/" }
            rest = rest.dropFirst(2 + authority.count)
            try takeHost(authority, failure)
        }
        guard Self.unescape(rest.utf8) != nil else {
            throw failure("invalid URL escape \(Self.badEscape(rest))")
        }
        path = String(rest)
    }

    private mutating func takeScheme(
        _ text: Substring, _ failure: (String) -> CELEvaluationError
    ) throws(CELEvaluationError) -> Substring {
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: ":"):
                guard index > 0 else { throw failure("missing protocol scheme") }
                let end = text.utf8.index(text.startIndex, offsetBy: index)
                scheme = text[..<end].lowercased()
                return text[text.utf8.index(after: end)...]
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x30...0x39:
                if index == 0 { return text }
            case 0x41...0x5a, 0x61...0x7a: continue
            default: return text
            }
        }
        return text
    }

    private mutating func takeHost(
        _ authority: Substring, _ failure: (String) -> CELEvaluationError
    ) throws(CELEvaluationError) {
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            guard Self.unescape(user.utf8) != nil, !user.contains("@") else {
                throw failure("net/url: invalid userinfo")
            }
            host = authority[authority.index(after: at)...]
        }
        if host.hasPrefix("[") {
            guard let end = host.lastIndex(of: "]") else { throw failure("missing ']' in host") }
            try Self.checkPort(host[host.index(after: end)...], failure)
        } else if let colon = host.lastIndex(of: ":") {
            try Self.checkPort(host[colon...], failure)
        }
        for byte in host.utf8 where byte <= 0x20 || "<>\"\\^`{|}".utf8.contains(byte) {
            guard byte != 0x20 else { throw failure("invalid character \" \" in host name") }
            throw failure(
                "invalid character \(StringFunctions.goQuoted(String(Unicode.Scalar(byte)))) in host name")
        }
        if host.utf8.contains(UInt8(ascii: "%")) {
            guard let bytes = Self.unescape(host.utf8) else {
                throw failure("invalid URL escape \(Self.badEscape(host))")
            }
            self.host = String(decoding: bytes, as: UTF8.self)
        } else {
            self.host = String(host)
        }
    }

    private static func checkPort(
        _ port: Substring, _ failure: (String) -> CELEvaluationError
    ) throws(CELEvaluationError) {
        guard !port.isEmpty else { return }
        guard port.hasPrefix(":"), port.dropFirst().utf8.allSatisfy(CharacterKind.isDigit) else {
            throw failure("invalid port \(StringFunctions.goQuoted(String(port))) after host")
        }
    }

    // MARK: parts

    var hostname: String {
        if host.hasPrefix("["), let end = host.lastIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<end])
        }
        return portStart.map { String(host[..<$0]) } ?? host
    }

    var port: String { portStart.map { String(host[host.index(after: $0)...]) } ?? "" }

    private var portStart: String.Index? {
        guard let colon = host.lastIndex(of: ":"),
            host[host.index(after: colon)...].utf8.allSatisfy(CharacterKind.isDigit)
        else { return nil }
        return colon
    }

    /// The path as it was written where that is properly escaped, else escaped anew.
    var escapedPath: String {
        if path.utf8.allSatisfy({ Self.isPlain($0) || "!$&'()*+,;=:@[]%/".utf8.contains($0) }) { return path }
        return (Self.unescape(path.utf8) ?? []).map { byte in
            Self.isPlain(byte) || "$&+,/:;=@".utf8.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + Self.hex(byte)
        }.joined()
    }

    /// The values of each name of the query; parts that are malformed are left out.
    var queryValues: [(name: String, values: [String])] {
        var found: [(name: String, values: [String])] = []
        for part in query.split(separator: "&") where !part.contains(";") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = halves.compactMap { half in
                Self.unescape(half.utf8, plusIsSpace: true).map { String(decoding: $0, as: UTF8.self) }
            }
            guard texts.count == halves.count else { continue }
            let value = texts.count > 1 ? texts[1] : ""
            if let index = found.firstIndex(where: { $0.name == texts[0] }) {
                found[index].values.append(value)
            } else {
                found.append((texts[0], [value]))
            }
        }
        return found
    }

    // MARK: escapes

    private static func isPlain(_ byte: UInt8) -> Bool {
        CharacterKind.isIdentifier(byte) || byte == 0x2d || byte == 0x2e || byte == 0x7e
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }

    /// Nil for an escape that is none.
    private static func unescape(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        var output: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "+"), plusIsSpace {
                output.append(0x20)
            } else if byte == UInt8(ascii: "%") {
                guard let high = iterator.next().flatMap(CharacterKind.hexValue),
                    let low = iterator.next().flatMap(CharacterKind.hexValue)
                else { return nil }
                output.append(UInt8(high << 4 | low))
            } else {
                output.append(byte)
            }
        }
        return output
    }

    private static func badEscape(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            let part = bytes[index..<min(index + 3, bytes.count)]
            if unescape(part) == nil {
                return StringFunctions.goQuoted(String(decoding: part, as: UTF8.self))
            }
        }
        return "\"%\""
    }
}
