/// An absolute http or https address in the parts that a registry client needs.
struct RegistryURL: Hashable, Sendable, CustomStringConvertible {
    enum Scheme: String, Sendable { case http, https }

    var scheme: Scheme
    /// Host name or address, IPv6 in brackets, lower case.
    var host: String
    /// Nil for the scheme's own.
    var port: Int?
    /// Begins with `/` or is empty.
    var path: String
    /// Without the `?`; nil where there is none.
    var query: String?

    init(scheme: Scheme, host: String, port: Int? = nil, path: String = "", query: String? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Nil for anything but `http(s)://host[:port][/path][?query]`; user information is refused, a fragment
    /// is dropped.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
            let scheme = Scheme(rawValue: text[..<colon].lowercased())
        else { return nil }
        let rest = text[colon...].dropFirst(3).prefix { $0 != "#" }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.splitAuthority(rest[..<authorityEnd]) else { return nil }
        let tail = rest[authorityEnd...]
        let mark = tail.firstIndex(of: "?") ?? tail.endIndex
        self.init(
            scheme: scheme, host: host, port: port, path: String(tail[..<mark]),
            query: mark == tail.endIndex ? nil : String(tail[tail.index(after: mark)...]))
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
    }

    private static func splitAuthority(_ text: Substring) -> (host: String, port: Int?)? {
        guard !text.contains("@") else { return nil }
        var host = text
        var port: Int?
        let bracket = text.lastIndex(of: "]")
        if let colon = text.lastIndex(of: ":"), bracket.map({ $0 < colon }) ?? true {
            let digits = text[text.index(after: colon)...]
            if !digits.isEmpty {
                guard let number = UInt16(digits) else { return nil }
                port = Int(number)
            }
            host = text[..<colon]
        }
        guard !host.isEmpty else { return nil }
        return (host.lowercased(), port)
    }

    /// `host[:port]` as written in registries.yaml.
    var authority: String { host + (port.map { ":\($0)" } ?? "") }

    /// What credentials may be sent to: the same scheme, host and port.
    var origin: String { "\(scheme.rawValue)://\(host):\(port ?? (scheme == .https ? 443 : 80))" }

    var description: String {
        "\(scheme.rawValue)://\(authority)\(path)" + (query.map { "?\($0)" } ?? "")
    }

    /// Without the query, which may carry signatures: for logs and errors.
    var redacted: String { "\(scheme.rawValue)://\(authority)\(path)" }

    var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]"
    }

    /// Where a `Location` header leads (RFC 3986 section 5, without dot segments).
    func resolving(_ location: String) -> RegistryURL? {
        if let absolute = RegistryURL(location) { return absolute }
        if location.hasPrefix("//") { return RegistryURL("\(scheme.rawValue):\(location)") }
        var base = "\(scheme.rawValue)://\(authority)"
        if !location.hasPrefix("/") {
            let directory = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
            base += directory
        }
        return RegistryURL(base + location)
    }

    func appending(path component: String) -> RegistryURL {
        var url = self
        while url.path.hasSuffix("/") { url.path.removeLast() }
        url.path += "/" + component
        return url
    }

    func adding(query name: String, _ value: String) -> RegistryURL {
        var url = self
        let item = "\(name)=\(Self.percentEncoded(value))"
        url.query = query.map { $0.isEmpty ? item : "\($0)&\(item)" } ?? item
        return url
    }

    /// Leaves what RFC 3986 calls unreserved.
    static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return encoded
    }
}
