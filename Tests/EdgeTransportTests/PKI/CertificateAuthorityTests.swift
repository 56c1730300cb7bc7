internal import EdgeBase
internal import EdgeTransport
internal import Testing

@Suite struct CertificateAuthorityTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    @Test func opensslVerifiesWhatWeIssue() throws {
        let directory = try TemporaryDirectory()
        let (authority, files) = try CertificateAuthority.make(
            commonName: "edge-server-ca", now: SystemWallClock().now)
        let profile = CertificateProfile.serving(
            "edge", dnsNames: ["kubernetes", "kubernetes.default.svc"],
            addresses: [.v4(.loopback), .v6(IPv6Address.loopback)])
        let leaf = try authority.issue(profile, now: SystemWallClock().now)
        try SmallFile.write(files.certificate, to: directory.path + "/ca.pem", mode: 0o644)
        try SmallFile.write(leaf.certificate, to: directory.path + "/leaf.pem", mode: 0o644)
        try SmallFile.write(leaf.privateKey, to: directory.path + "/leaf.key", mode: 0o600)
        let verified = run(
            "openssl", "verify", "-x509_strict", "-CAfile", directory.path + "/ca.pem", "-purpose",
            "sslserver",
            "-verify_hostname", "kubernetes.default.svc", directory.path + "/leaf.pem")
        #expect(verified.status == 0, "\(verified.output)")
        let wrong = run(
            "openssl", "verify", "-CAfile", directory.path + "/ca.pem", "-purpose", "sslclient",
            directory.path + "/leaf.pem")
        #expect(wrong.status != 0)
        let shown = run("openssl", "x509", "-in", directory.path + "/leaf.pem", "-noout", "-text").output
        #expect(shown.contains("DNS:kubernetes, DNS:kubernetes.default.svc, IP Address:127.0.0.1"))
        #expect(shown.contains("0:0:0:0:0:0:0:1"))
        #expect(run("openssl", "pkey", "-in", directory.path + "/leaf.key", "-noout").status == 0)
    }

    @Test func leafSaysWhatItsProfileSays() throws {
        let (authority, _) = try CertificateAuthority.make(commonName: "edge-client-ca", now: now)
        let leaf = try authority.issue(.client("system:admin", organizations: ["system:masters"]), now: now)
        let info = try CertificateInfo(pem: leaf.certificate)
        #expect(info.commonName == "system:admin")
        #expect(info.organizations == ["system:masters"])
        #expect(info.issuer == "edge-client-ca")
        #expect(info.notBefore == now - .seconds(3600))
        #expect(info.notAfter == now + .seconds(365 * 86400))
        #expect(!info.isAuthority)
        #expect(try authority.info.isAuthority)
    }

    @Test func leafDoesNotOutliveItsAuthority() throws {
        let (authority, _) = try CertificateAuthority.make(
            commonName: "ca", now: now, validity: .seconds(100 * 86400))
        let leaf = try authority.issue(.client("x"), now: now + .seconds(50 * 86400))
        #expect(try CertificateInfo(pem: leaf.certificate).notAfter == now + .seconds(100 * 86400))
        #expect(throws: PKIError.self) { try authority.issue(.client("x"), now: now + .seconds(102 * 86400)) }
    }

    @Test func certificatesOfAHostWithoutAClockHoldLater() throws {
        let (_, files) = try CertificateAuthority.make(commonName: "ca", now: Timestamp(seconds: 50))
        let info = try CertificateInfo(pem: files.certificate)
        #expect(info.notBefore < Timestamp(seconds: 50))
        #expect(info.notAfter > now)
    }

    @Test func signingRequests() throws {
        let (authority, _) = try CertificateAuthority.make(commonName: "ca", now: now)
        let made = try SigningRequest.make(
            commonName: "system:node:pi", organizations: ["system:nodes"], dnsNames: ["pi"],
            addresses: [.v4(IPv4Address(10, 0, 0, 1))])
        let request = try SigningRequest(pem: made.request)
        #expect(request.commonName == "system:node:pi")
        #expect(request.organizations == ["system:nodes"])
        #expect(request.dnsNames == ["pi"])
        #expect(request.addresses == [.v4(IPv4Address(10, 0, 0, 1))])
        #expect(!request.hasOtherNames)
        let certificate = try authority.sign(request, as: .client("system:node:other"), now: now)
        #expect(try CertificateInfo(pem: certificate).commonName == "system:node:other")
        let again = try SigningRequest.make(privateKey: made.privateKey, commonName: "x")
        #expect(try SigningRequest(pem: again).commonName == "x")
    }

    @Test func opensslReadsOurRequestAndWeItsOwn() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/request.pem"
        let made = try SigningRequest.make(commonName: "a", organizations: ["b"], dnsNames: ["c"])
        try SmallFile.write(made.request, to: path, mode: 0o644)
        let shown = run("openssl", "req", "-in", path, "-verify", "-noout", "-text")
        #expect(shown.status == 0 && shown.output.contains("DNS:c"), "\(shown.output)")
        let other = run(
            "openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj",
            "/O=g/CN=u",
            "-addext", "subjectAltName=DNS:d,IP:10.0.0.2,email:a@b.c", "-out", path)
        #expect(other.status == 0, "\(other.output)")
        let request = try SigningRequest(pem: try SmallFile.readText(path))
        #expect(request.commonName == "u" && request.organizations == ["g"] && request.dnsNames == ["d"])
        #expect(request.hasOtherNames)
    }

    @Test(arguments: [
        "", "x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
    ])
    func brokenRequests(_ text: String) {
        #expect(throws: (any Error).self) { try SigningRequest(pem: text) }
    }

    @Test func changedRequestIsRefused() throws {
        let first = try SigningRequest.make(commonName: "aaaa").request
        let bytes = try PEMText.bytes(first)
        // The last byte belongs to the signature.
        var changed = bytes
        changed[changed.count - 1] ^= 1
        let text = PEMText.text(changed, "CERTIFICATE REQUEST")
        #expect(throws: (any Error).self) { try SigningRequest(pem: text) }
    }

    @Test func authorityRefusesForeignKeysAndLeaves() throws {
        let (authority, one) = try CertificateAuthority.make(commonName: "one", now: now)
        let (_, two) = try CertificateAuthority.make(commonName: "two", now: now)
        #expect(throws: PKIError.self) {
            try CertificateAuthority(KeyPair(certificate: one.certificate, privateKey: two.privateKey))
        }
        #expect(throws: PKIError.self) {
            try CertificateAuthority(try authority.issue(.client("x"), now: now))
        }
    }
}
