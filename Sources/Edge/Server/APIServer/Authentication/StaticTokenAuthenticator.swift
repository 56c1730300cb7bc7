internal import EdgeBase

/// The cluster's own join secrets: whoever holds one may ask for a node's certificates, nothing else.
public struct StaticTokenAuthenticator: TokenAuthenticator {
    private let tokens: [(secret: [UInt8], user: UserInfo)]

    public init(_ tokens: [(secret: String, user: UserInfo)]) {
        self.tokens = tokens.map { (Array($0.secret.utf8), $0.user) }
    }

    public func authenticate(token: String) -> AuthenticatedToken? {
        let bytes = Array(token.utf8)
        for entry in tokens where ConstantTime.equal(entry.secret, bytes) {
            return AuthenticatedToken(user: entry.user, notAfter: Timestamp(nanoseconds: .max))
        }
        return nil
    }
}
