/// An absolute `http` or `https` URL.
public struct HTTPURL: Sendable, Hashable {
    public var isEncrypted: Bool
    /// A name or an address; IPv6 addresses without brackets.
    public var host: String
    public var port: Int
    /// Path and query, still encoded, beginning with `/`.
    public var target: String

    public init(isEncrypted: Bool, host: String, port: Int, target: String = "/") {
        self.isEncrypted = isEncrypted
        self.host = host
        self.port = port
        self.target = target
    }

    /// Nil for a text that is not such a URL, or one with user information. A fragment is dropped.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let text = text.prefix { $0 != "#" }
        let rest: Substring
        if text.lowercased().hasPrefix("https://") {
            isEncrypted = true
            rest = text.dropFirst(8)
        } else if text.lowercased().hasPrefix("http://") {
            isEncrypted = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let authority = Self.authority(rest[..<end]) else { return nil }
        host = authority.host
        port = authority.port ?? (isEncrypted ? 443 : 80)
        let tail = rest[end...]
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`.
    public static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        guard !text.isEmpty, !text.contains("@") else { return nil }
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<bracket]
            rest = text[text.index(after: bracket)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            rest = text[colon...]
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty { return (String(host), nil) }
        guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
        return (String(host), Int(port))
    }

    /// The value of the `Host` header.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Where a `Location` header leads from here; nil when it leads to something that is not HTTP.
    public func resolving(_ location: String) -> HTTPURL? {
        if let absolute = HTTPURL(location) { return absolute }
        var next = self
        if location.hasPrefix("//") { return HTTPURL((isEncrypted ? "https:" : "http:") + location) }
        guard !location.contains("://") else { return nil }
        if location.hasPrefix("/") {
            next.target = location
        } else {
            let path = target.prefix { $0 != "?" }
            next.target = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + location
        }
        return next
    }
}

extension HTTPURL: CustomStringConvertible {
    public var description: String { "\(isEncrypted ? "https" : "http")://\(authority)\(target)" }
}
