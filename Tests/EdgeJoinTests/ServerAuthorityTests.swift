import EdgeBase
import EdgeTransport
import Testing

@testable import EdgeJoin

@Suite struct ServerAuthorityTests {
    private let server = HTTPURL(isEncrypted: true, host: "10.0.0.1", port: 6443)

    private func authority() throws -> String {
        try CertificateAuthority.make(commonName: "test-ca", now: Timestamp(seconds: 1_780_000_000)).files
            .certificate
    }

    @Test func believesTheAuthorityOfTheToken() throws {
        let text = try authority()
        try ServerAuthority.check(
            text, of: server, expecting: try CertificateHash.hash(authorityFile: text))
    }

    /// The short tokens hold no hash.
    @Test func believesAnyAuthorityWithoutAHash() throws {
        try ServerAuthority.check(try authority(), of: server, expecting: nil)
    }

    @Test func refusesAnotherAuthority() throws {
        let expected = try CertificateHash.hash(authorityFile: try authority())
        let failure = #expect(throws: JoinFailure.self) {
            try ServerAuthority.check(try authority(), of: server, expecting: expected)
        }
        #expect(failure?.isPermanent == true)
        #expect(
            failure?.description.hasPrefix(
                "the CA of https://10.0.0.1:6443 does not have the hash of the token: the token is of another cluster"
            ) == true)
    }

    @Test(arguments: [
        "", "404 page not found", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ])
    func refusesWhatIsNoAuthority(_ text: String) {
        let failure = #expect(throws: JoinFailure.self) {
            try ServerAuthority.check(text, of: server, expecting: nil)
        }
        #expect(failure?.isPermanent == true)
    }
}
