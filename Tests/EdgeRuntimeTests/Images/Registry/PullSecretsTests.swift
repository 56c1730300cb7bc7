import Testing

@testable import EdgeRuntime

@Suite struct PullSecretsTests {
    private func users(_ keys: [String], _ image: String) throws -> [String] {
        var secrets = PullSecrets()
        for key in keys { secrets.add(key: key, RegistryCredential(username: key, password: "p")) }
        return secrets.credentials(for: try ImageReference(parsing: image)).map { credential in
            if case .password(let user, _) = credential.secret { user } else { "" }
        }
    }

    private static let lookups: [([String], String, [String])] = [
        (["r.io"], "r.io/a", ["r.io"]),
        (["https://r.io"], "r.io/a", ["https://r.io"]),
        (["https://r.io/v1/"], "r.io/a", ["https://r.io/v1/"]),
        (["r.io/team"], "r.io/team/app", ["r.io/team"]),
        (["r.io/team"], "r.io/other/app", []),
        (["r.io", "r.io/team"], "r.io/team/app", ["r.io/team", "r.io"]),
        (["*.r.io"], "eu.r.io/a", ["*.r.io"]),
        (["*.r.io"], "r.io/a", []),
        (["*.r.io"], "a.eu.r.io/a", []),
        (["*.*.r.io"], "a.eu.r.io/a", ["*.*.r.io"]),
        (["pre*.r.io"], "prefix.r.io/a", ["pre*.r.io"]),
        (["r.io:5000"], "r.io/a", []),
        (["r.io:5000"], "r.io:5000/a", ["r.io:5000"]),
        (["https://index.docker.io/v1/"], "nginx", ["https://index.docker.io/v1/"]),
        (["index.docker.io"], "user/app", ["index.docker.io"]),
        (["docker.io"], "nginx", ["docker.io"]),
        (["docker.io", "index.docker.io"], "nginx", ["docker.io"]),
        (["index.docker.io"], "r.io/app", []),
    ]

    @Test(arguments: lookups)
    func matchesAsKubelet(_ keys: [String], _ image: String, _ expected: [String]) throws {
        #expect(try users(keys, image) == expected)
    }

    @Test func readsDockerConfig() throws {
        var secrets = PullSecrets()
        try secrets.add(
            dockerConfig: Array(
                #"{"auths":{"a.io":{"auth":"dTpw"},"b.io":{"username":"x","password":"y"},"c.io":{},"d.io":{"identitytoken":"t"}}}"#
                    .utf8))
        try secrets.add(dockerConfig: Array(#"{"e.io":{"auth":"dTpw"}}"#.utf8))
        func first(_ image: String) throws -> RegistryCredential? {
            secrets.credentials(for: try ImageReference(parsing: image)).first
        }
        #expect(try first("a.io/x") == RegistryCredential(username: "u", password: "p"))
        #expect(try first("b.io/x") == RegistryCredential(username: "x", password: "y"))
        #expect(try first("c.io/x") == nil)
        #expect(try first("d.io/x") == RegistryCredential(.identityToken("t")))
        #expect(try first("e.io/x") == RegistryCredential(username: "u", password: "p"))
    }

    @Test(arguments: ["[", "[]", #"{"auths":{"a.io":{"auth":"!"}}}"#])
    func refuses(_ text: String) {
        var secrets = PullSecrets()
        #expect(throws: ImageError.self) { try secrets.add(dockerConfig: Array(text.utf8)) }
    }

    private static let patterns: [(String, String, Bool)] = [
        ("a*c", "abbc", true), ("a*c", "ab", false), ("*", "", true), ("a?c", "abc", true),
        ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false), ("[", "[", false), (#"\*"#, "*", true), (#"\*"#, "a", false),
        ("*a*b*", "xaybz", true),
    ]

    @Test(arguments: patterns)
    func globs(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(Glob.matches(Array(pattern.utf8)[...], Array(text.utf8)[...]) == matches)
    }

    @Test func neverShowsSecrets() {
        #expect("\(RegistryCredential(username: "u", password: "hidden"))" == "user u")
        #expect("\(RegistryCredential(.registryToken("hidden")))" == "registry token")
    }
}
