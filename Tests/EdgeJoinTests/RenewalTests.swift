import EdgeBase
import EdgeTransport
import Testing

@testable import EdgeJoin

@Suite struct RenewalTests {
    private static let now = Timestamp(seconds: 1_780_000_000)

    private func certificate(validFor life: Duration) throws -> CertificateInfo {
        let authority = try CertificateAuthority.make(commonName: "ca", now: Self.now).authority
        var profile = CertificateProfile.client("system:node:a", organizations: ["system:nodes"])
        profile.validity = life
        return try CertificateInfo(pem: try authority.issue(profile, now: Self.now).certificate)
    }

    /// Counted from now, not from the begin that stands in the certificate: that lies an hour back.
    @Test(arguments: [600, 3600, 365 * 86400])
    func renewsAfterThreeQuarters(_ seconds: Int64) throws {
        let info = try certificate(validFor: .seconds(seconds))
        #expect(RenewalSchedule.due(info) == Self.now + .seconds(seconds * 3 / 4))
        #expect(!RenewalSchedule.isDue(info, now: Self.now))
        #expect(RenewalSchedule.isDue(info, now: Self.now + .seconds(seconds)))
    }

    @Test func keepsAnIdentityInFiles() throws {
        let directory = "/tmp/edge-join-\(SecureRandom.hex(bytes: 8))/agent/tls"
        let files = IdentityFiles(directory: directory)
        #expect(try files.load() == nil)
        let authority = try CertificateAuthority.make(commonName: "ca", now: Self.now).authority
        func pair(_ name: String) throws -> KeyPair { try authority.issue(.client(name), now: Self.now) }
        let identity = NodeIdentity(
            authority: authority.certificate, kubelet: try pair("system:node:a"), network: try pair("n"),
            serving: try pair("s"))
        try files.save(identity)
        #expect(try files.load() == identity)
        #expect(try identity.nodeName == "a")
        #expect(try identity.isValid(at: Self.now))
        #expect(try !identity.isValid(at: Self.now + .seconds(366 * 86400)))
    }
}
