internal import EdgeBase
internal import EdgeTransport
internal import Glibc
internal import Testing

@Suite struct ClusterPKITests {
    private let clock = FixedClock(now: Timestamp(seconds: 1_800_000_000))

    @Test func isMadeOnceAndLoadedAgain() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/server/tls"
        let first = try ClusterPKI.loadOrCreate(directory: path, clock: clock)
        let second = try ClusterPKI.loadOrCreate(directory: path, clock: clock)
        #expect(first.server.certificate == second.server.certificate)
        #expect(first.client.certificate == second.client.certificate)
        #expect(first.requestHeader.certificate == second.requestHeader.certificate)
        #expect(first.tokenKey.keyID == second.tokenKey.keyID)
        #expect(mode(path + "/server-ca.key") == 0o600)
        #expect(mode(path + "/server-ca.crt") == 0o644)
        #expect(mode(path + "/service.key") == 0o600)
    }

    @Test func leavesAreKeptRenewedAndReplaced() throws {
        let directory = try TemporaryDirectory()
        let pki = try ClusterPKI.loadOrCreate(directory: directory.path, clock: clock)
        let profile = CertificateProfile.serving("edge", dnsNames: ["a"], addresses: [])
        let first = try pki.ensureLeaf("serving", profile, by: pki.server, now: clock.now)
        #expect(try pki.ensureLeaf("serving", profile, by: pki.server, now: clock.now) == first)
        let later = clock.now + .seconds(250 * 86400)
        let renewed = try pki.ensureLeaf("serving", profile, by: pki.server, now: later)
        #expect(renewed != first)
        var wider = profile
        wider.dnsNames.append("b")
        #expect(try pki.ensureLeaf("serving", wider, by: pki.server, now: later) != renewed)
    }

    @Test func certificateWithoutItsKeyIsAnError() throws {
        let directory = try TemporaryDirectory()
        _ = try ClusterPKI.loadOrCreate(directory: directory.path, clock: clock)
        unlink(directory.path + "/server-ca.key")
        #expect(throws: PKIError.self) {
            try ClusterPKI.loadOrCreate(directory: directory.path, clock: clock)
        }
    }

    @Test func tokenHashIsTheSHA256OfTheFile() throws {
        let directory = try TemporaryDirectory()
        let pki = try ClusterPKI.loadOrCreate(directory: directory.path, clock: clock)
        let token = try pki.joinToken(user: "server", secret: "x")
        let sum = run("sha256sum", directory.path + "/server-ca.crt").output.prefix(64)
        #expect(token.text == "K10\(sum)::server:x")
    }

    @Test func tokenHashOfABundleIsTheRoots() throws {
        let directory = try TemporaryDirectory()
        let (_, root) = try CertificateAuthority.make(commonName: "root", now: clock.now)
        try SmallFile.write(root.certificate, to: directory.path + "/root.pem", mode: 0o644)
        try SmallFile.write(root.privateKey, to: directory.path + "/root.key", mode: 0o600)
        let made = run(
            "sh", "-c",
            """
            cd \(directory.path) && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout i.key \
            -subj /CN=intermediate -out i.req && printf 'basicConstraints=critical,CA:TRUE' > ext && \
            openssl x509 -req -in i.req -CA root.pem -CAkey root.key -CAcreateserial -days 30 -extfile ext -out i.pem && \
            cat i.pem root.pem > bundle.pem && openssl x509 -in root.pem -outform der -out root.der && sha256sum root.der
            """)
        #expect(made.status == 0, "\(made.output)")
        let bundle = try SmallFile.readText(directory.path + "/bundle.pem")
        let hash = try CertificateHash.hash(authorityFile: bundle)
        #expect(made.output.contains(hash))
        let key = try SmallFile.readText(directory.path + "/i.key")
        let authority = try CertificateAuthority(KeyPair(certificate: bundle, privateKey: key))
        let leaf = try authority.issue(.client("x"), now: SystemWallClock().now)
        #expect(try PEM.certificateBytes(leaf.certificate).count == 3)
    }

    @Test(arguments: [(0, false), (199, false), (201, true), (300, true), (400, true)])
    func renewalInTheLastThird(_ day: Int64, _ renews: Bool) {
        let begin = Timestamp(seconds: 0)
        let end = Timestamp(seconds: 300 * 86400)
        let now = Timestamp(seconds: day * 86400)
        #expect(CertificateDates.needsRenewal(begin: begin, end: end, now: now) == renews)
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}
