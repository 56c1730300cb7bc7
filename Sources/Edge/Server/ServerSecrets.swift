internal import EdgeAPIServer
internal import EdgeTransport

/// The secrets that hosts join with: given by flags, or made at the first start and kept in files.
struct ServerSecrets {
    let server: String
    /// The server's own when no other is given.
    let agent: String

    static func load(_ layout: DataLayout, token: String?, agentToken: String?) throws -> ServerSecrets {
        let server = try secret(given: token, file: layout.token)
        let agent =
            try agentToken.map { try secret(given: $0, file: layout.agentToken) }
            ?? SmallFile.readTextIfPresent(layout.agentToken).map(plain) ?? server
        return ServerSecrets(server: server, agent: agent)
    }

    private static func secret(given: String?, file: String) throws -> String {
        if let given { return plain(given) }
        if let text = try SmallFile.readTextIfPresent(file) { return plain(text) }
        return SecureRandom.hex(bytes: 16)
    }

    /// The secret alone, also from the long form that the file shows.
    private static func plain(_ text: String) -> String {
        guard let token = try? JoinToken(parsing: text), case .password(_, let secret) = token.credential
        else {
            return String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        }
        return secret
    }

    /// Who the holder of a secret is: somebody who may ask for a node's certificates.
    var authenticator: StaticTokenAuthenticator {
        let joiner = UserInfo(
            name: "system:bootstrap:edge",
            groups: [UserInfo.Group.bootstrappers, "system:bootstrappers:edge", UserInfo.Group.authenticated])
        return StaticTokenAuthenticator(
            Set([server, agent]).flatMap { secret in
                [(secret, joiner), ("node:\(secret)", joiner), ("server:\(secret)", joiner)]
            })
    }
}
