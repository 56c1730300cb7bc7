import EdgeAPI
import EdgeTransport
import Testing

@testable import EdgeJoin

@Suite struct JoinerTests {
    private static let hash = String(repeating: "a", count: 64)

    @Test(arguments: [
        ("K10\(hash)::node:secret", "node:secret"), ("K10\(hash)::server:secret", "server:secret"),
        ("secret", "secret"), ("K10\(hash)::abcdef.0123456789abcdef", "abcdef.0123456789abcdef"),
        ("abcdef.0123456789abcdef", "abcdef.0123456789abcdef"),
    ])
    func showsTheCredentialOfTheToken(_ token: String, _ bearer: String) throws {
        #expect(Joiner.bearer(of: try JoinToken(parsing: token)) == bearer)
    }

    @Test(arguments: [
        (401, "node:s", true, "https://h:6443 does not accept the token: its secret is not the cluster's"),
        (
            401, "abcdef.0123456789abcdef", true,
            "https://h:6443 does not accept the bootstrap token abcdef: it has expired, was deleted, or its secret is wrong"
        ),
        (403, "node:s", true, "https://h:6443 does not let this token join nodes: no"),
        (503, "node:s", false, "ask https://h:6443 for a certificate: no"),
    ])
    func saysWhyTheServerRefuses(_ code: Int, _ token: String, _ isPermanent: Bool, _ text: String) throws {
        let failure = Joiner.failure(
            APIStatus(code: code, reason: .badRequest, message: "no"), try JoinToken(parsing: token),
            HTTPURL(isEncrypted: true, host: "h", port: 6443))
        #expect(failure == JoinFailure(text, isPermanent: isPermanent))
    }
}
