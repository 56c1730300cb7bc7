internal import EdgeBase

/// What a node joins a cluster with: the fingerprint of the cluster's certificate authority, and a
/// credential.
///
/// Forms: `K10<hash>::<user>:<secret>` and `K10<hash>::<id>.<secret>`, and without the fingerprint
/// `<user>:<secret>`, `<secret>` and `<id>.<secret>`; then the authority cannot be checked.
public struct JoinToken: Sendable, Equatable {
    public enum Credential: Sendable, Equatable {
        /// A user (`server` or `node`) and a secret; the user is nil in the short form.
        case password(user: String?, secret: String)
        case bootstrap(BootstrapToken)
    }

    /// The hexadecimal SHA-256 of the authority, see `CertificateHash`; nil in the short forms.
    public let authorityHash: String?
    public let credential: Credential

    /// Why a text is not a token. The message never holds the text itself.
    public struct Malformed: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Longer texts are no tokens.
    public static let maximumLength = 4096

    public init(authorityHash: String?, credential: Credential) {
        self.authorityHash = authorityHash
        self.credential = credential
    }

    public init(parsing text: String) throws(Malformed) {
        let text = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        guard !text.isEmpty else { throw Malformed(description: "token is empty") }
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Malformed(description: "token is too long or has characters that are not printable")
        }
        guard text.hasPrefix("K10") else {
            authorityHash = nil
            credential = try Self.credential(text[...])
            return
        }
        let rest = text.dropFirst(3)
        guard let colons = Self.doubleColon(rest) else {
            throw Malformed(description: "token begins with K10 but has no '::'")
        }
        let hash = rest[..<colons].lowercased()
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ ASCIIText.hexValue($0) != nil }) else {
            throw Malformed(description: "token has no SHA-256 in hexadecimal digits behind K10")
        }
        authorityHash = hash
        credential = try Self.credential(rest[colons...].dropFirst(2))
    }

    /// The whole token: a secret.
    public var text: String {
        let prefix = authorityHash.map { "K10\($0)::" } ?? ""
        switch credential {
        case .bootstrap(let token): return prefix + token.text
        case .password(let user?, let secret): return "\(prefix)\(user):\(secret)"
        case .password(nil, let secret): return prefix + secret
        }
    }

    private static func doubleColon(_ text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while let colon = text[index...].firstIndex(of: ":") {
            let next = text.index(after: colon)
            if next < text.endIndex, text[next] == ":" { return colon }
            index = next
        }
        return nil
    }

    private static func credential(_ text: Substring) throws(Malformed) -> Credential {
        if let token = BootstrapToken(String(text)) { return .bootstrap(token) }
        guard let colon = text.firstIndex(of: ":") else {
            guard !text.isEmpty else { throw Malformed(description: "token has no secret") }
            return .password(user: nil, secret: String(text))
        }
        let user = text[..<colon]
        let secret = text[text.index(after: colon)...]
        guard !user.isEmpty, !secret.isEmpty else {
            throw Malformed(description: "token has an empty user or secret")
        }
        return .password(user: String(user), secret: String(secret))
    }

    /// Whether a secret is the expected one, without telling by its duration how far they agree.
    public static func secretsAgree(_ left: String, _ right: String) -> Bool {
        ConstantTime.equal(Array(left.utf8), Array(right.utf8))
    }
}
