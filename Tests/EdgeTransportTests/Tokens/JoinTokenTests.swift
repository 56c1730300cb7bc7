internal import EdgeTransport
internal import Testing

@Suite struct JoinTokenTests {
    static let hash = String(repeating: "0a", count: 32)

    @Test(
        arguments: [
            ("K10\(hash)::server:abc", hash, .password(user: "server", secret: "abc")),
            ("K10\(hash)::node:a:b", hash, .password(user: "node", secret: "a:b")),
            (" K10\(hash.uppercased())::server:abc\n", hash, .password(user: "server", secret: "abc")),
            ("K10\(hash)::abc", hash, .password(user: nil, secret: "abc")),
            ("abc", nil, .password(user: nil, secret: "abc")),
            ("node:abc", nil, .password(user: "node", secret: "abc")),
        ] as [(String, String?, JoinToken.Credential)])
    func forms(_ text: String, _ hash: String?, _ credential: JoinToken.Credential) throws {
        let token = try JoinToken(parsing: text)
        #expect(token.authorityHash == hash)
        #expect(token.credential == credential)
        #expect(try JoinToken(parsing: token.text) == token)
    }

    @Test func bootstrapForms() throws {
        let bootstrap = BootstrapToken()
        let long = try JoinToken(parsing: "K10\(Self.hash)::\(bootstrap.text)")
        #expect(long.credential == .bootstrap(bootstrap))
        #expect(try JoinToken(parsing: bootstrap.text).credential == .bootstrap(bootstrap))
        #expect(!"\(bootstrap)".contains(bootstrap.secret))
    }

    @Test(arguments: [
        "", " ", "K10", "K10abc::server:x", "K10\(hash)", "K10\(hash):server:x", "K10\(hash)::",
        "K10\(hash)::server:",
        ":x", "a b", "K10\(String(repeating: "0g", count: 32))::server:x",
    ])
    func malformed(_ text: String) {
        #expect(throws: JoinToken.Malformed.self) { try JoinToken(parsing: text) }
    }

    @Test func overlongTextIsRefused() {
        let text = String(repeating: "x", count: JoinToken.maximumLength + 1)
        #expect(throws: JoinToken.Malformed.self) { try JoinToken(parsing: text) }
    }

    @Test(arguments: [
        ("abcdef.0123456789abcdef", true), ("abcdef.0123456789abcde", false),
        ("abcdeF.0123456789abcdef", false),
        ("abcdef0123456789abcdef", false), ("abcdef.0123456789abcdef.", false), ("", false),
    ])
    func bootstrapTokens(_ text: String, _ isToken: Bool) {
        #expect((BootstrapToken(text) != nil) == isToken)
    }

    @Test(arguments: [("a", "a", true), ("a", "b", false), ("a", "ab", false), ("", "", true)])
    func comparison(_ left: String, _ right: String, _ agree: Bool) {
        #expect(JoinToken.secretsAgree(left, right) == agree)
    }
}
