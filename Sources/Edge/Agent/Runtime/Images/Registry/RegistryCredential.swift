internal import EdgeJSON

/// What a registry accepts as proof of identity.
public struct RegistryCredential: Sendable, Hashable {
    public enum Secret: Sendable, Hashable {
        case password(username: String, password: String)
        /// An OAuth2 refresh token that the token server exchanges.
        case identityToken(String)
        /// A bearer token for the registry itself.
        case registryToken(String)
    }

    public var secret: Secret

    public init(_ secret: Secret) {
        self.secret = secret
    }

    public init(username: String, password: String) {
        secret = .password(username: username, password: password)
    }

    /// From the base64 of `username:password`, whose padding may be missing; nil when it is not that.
    public init?(basic encoded: String) {
        let text = encoded.trimmed
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(text + padding) else { return nil }
        // Docker pads the decoded text with zeroes on some systems.
        let pair = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        guard let colon = pair.firstIndex(of: ":") else { return nil }
        self.init(username: String(pair[..<colon]), password: String(pair[pair.index(after: colon)...]))
    }
}

extension RegistryCredential: CustomStringConvertible {
    /// Never the secret.
    public var description: String {
        switch secret {
        case .password(let username, _): "user \(username)"
        case .identityToken: "identity token"
        case .registryToken: "registry token"
        }
    }
}

extension String {
    /// Whether a text stands somewhere in this one. (The library's own `contains` of strings brings the whole
    /// regular expression engine into a static binary.)
    func includes(_ text: String) -> Bool {
        let text = Array(text.utf8)
        let bytes = Array(utf8)
        guard bytes.count >= text.count else { return false }
        return (0...(bytes.count - text.count)).contains { bytes[$0...].starts(with: text) }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        let isSpace: (Character) -> Bool = {
            $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n"
        }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }
}
