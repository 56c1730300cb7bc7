import Testing

@testable import EdgeRuntime

@Suite struct RegistryTextTests {
    @Test func readsChallenges() {
        let challenges = AuthenticateChallenge.parse([
            #"Bearer realm="https://auth.io/token",service="reg\"x",scope="repository:a/b:pull,push""#,
            #"Basic realm=simple, Negotiate, Digest qop="auth", realm="d""#, "", ",,",
        ])
        #expect(
            challenges == [
                .init(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://auth.io/token", "service": "reg\"x",
                        "scope": "repository:a/b:pull,push",
                    ]),
                .init(scheme: "basic", parameters: ["realm": "simple"]),
                .init(scheme: "negotiate", parameters: [:]),
                .init(scheme: "digest", parameters: ["qop": "auth", "realm": "d"]),
            ])
    }

    @Test(arguments: [
        ("https://Host.io:8080/a/b?x=1#f", "https://host.io:8080/a/b?x=1", "https://host.io:8080"),
        ("http://h", "http://h", "http://h:80"),
        ("https://[::1]/x", "https://[::1]/x", "https://[::1]:443"),
        ("HTTPS://h?q", "https://h?q", "https://h:443"),
    ])
    func addresses(_ text: String, _ expected: String, _ origin: String) {
        let url = RegistryURL(text)
        #expect(url?.description == expected)
        #expect(url?.origin == origin)
    }

    @Test(arguments: [
        "", "h", "ftp://h", "http://", "http://u:p@h/", "http://h:x", "http://h:70000", "http://h/\r\nA: b",
    ])
    func badAddresses(_ text: String) {
        #expect(RegistryURL(text) == nil)
    }

    @Test(arguments: [
        ("https://other/x?y", "https://other/x?y"), ("/abs", "https://h:1/abs"),
        ("rel?q", "https://h:1/a/rel?q"),
        ("//k/x", "https://k/x"),
    ])
    func redirects(_ location: String, _ expected: String) {
        #expect(RegistryURL("https://h:1/a/b?c")?.resolving(location)?.description == expected)
    }

    @Test(arguments: ["dXNlcjpwdw==", "dXNlcjpwdw", " dXNlcjpwdw==\n", "dXNlcjpwdwA="])
    func basicCredentials(_ encoded: String) {
        #expect(RegistryCredential(basic: encoded) == RegistryCredential(username: "user", password: "pw"))
    }

    @Test(arguments: ["", "dXNlcg==", "a*", "dXNlcjpwdw==Zg"])
    func noBasicCredentials(_ encoded: String) {
        #expect(RegistryCredential(basic: encoded) == nil)
    }

    private static let proxyRules: [(String, String?)] = [
        ("https://r.io", "p:3128"), ("http://r.io", nil), ("https://in.corp", nil),
        ("https://a.in.corp", nil),
        ("https://bin.corp", "p:3128"), ("https://10.1.2.3", nil), ("https://10.2.2.3", "p:3128"),
        ("https://x.sub.org", nil), ("https://sub.org", "p:3128"), ("https://port.io:5000", nil),
        ("https://port.io", "p:3128"), ("https://127.0.0.1", nil), ("https://localhost:5", nil),
    ]

    @Test(arguments: proxyRules)
    func proxies(_ url: String, _ expected: String?) throws {
        let settings = ProxySettings(environment: [
            "HTTPS_PROXY": "http://user:pass@p:3128",
            "no_proxy": "in.corp, 10.1.0.0/16,.sub.org,port.io:5000",
        ])
        let server = settings.server(for: try #require(RegistryURL(url)))
        #expect(server.map { "\($0.host):\($0.port)" } == expected)
    }

    @Test func retryDelays() {
        var policy = RetryPolicy()
        policy.firstDelay = .seconds(1)
        policy.maximumDelay = .seconds(5)
        #expect((1...5).map { policy.delay(after: $0) } == [1, 2, 4, 5, 5].map { .seconds($0) })
    }
}
