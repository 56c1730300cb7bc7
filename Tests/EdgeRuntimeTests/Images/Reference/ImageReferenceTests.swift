import Testing

@testable import EdgeRuntime

@Suite struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "ab", count: 32)

    private static let names: [(String, String, String)] = [
        ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("nginx:1.25", "docker.io/library/nginx:1.25", "nginx:1.25"),
        ("library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("user/app", "docker.io/user/app:latest", "user/app:latest"),
        ("docker.io/a/b/c:t", "docker.io/a/b/c:t", "a/b/c:t"),
        ("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000/app:1"),
        ("registry.example.com/a", "registry.example.com/a:latest", "registry.example.com/a:latest"),
        ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:latest", "127.0.0.1:5000/a/b:latest"),
        ("[fd00::1]:5000/app", "[fd00::1]:5000/app:latest", "[fd00::1]:5000/app:latest"),
        ("HOST/app", "HOST/app:latest", "HOST/app:latest"),
        ("a-b__c_d/x---y.z", "docker.io/a-b__c_d/x---y.z:latest", "a-b__c_d/x---y.z:latest"),
        ("app:Tag_1.2-x", "docker.io/library/app:Tag_1.2-x", "app:Tag_1.2-x"),
        ("gcr.io/app@" + digest, "gcr.io/app@" + digest, "gcr.io/app@" + digest),
        ("nginx:1@" + digest, "docker.io/library/nginx@" + digest, "nginx@" + digest),
    ]

    @Test(arguments: names)
    func normalises(_ text: String, _ expected: String, _ familiar: String) throws {
        let reference = try ImageReference(parsing: text).normalized
        #expect(reference.description == expected)
        #expect(reference.familiar == familiar)
        #expect(try ImageReference(parsing: familiar).normalized == reference)
    }

    @Test func keepsTagBesideDigest() throws {
        let reference = try ImageReference(parsing: "nginx:1@" + Self.digest)
        #expect(reference.tag == "1")
        #expect(reference.description == "docker.io/library/nginx:1@" + Self.digest)
        #expect(reference.manifestSelector == Self.digest)
    }

    private static let badNames: [(String, String)] = [
        ("", "invalid reference format"),
        ("Nginx", "must be lowercase"),
        ("a/Upper", "must be lowercase"),
        (":tag", "invalid reference format"),
        ("app:", "invalid reference format"),
        ("app:.bad", "invalid reference format"),
        ("app:" + String(repeating: "t", count: 129), "invalid reference format"),
        ("a//b", "invalid reference format"),
        ("/app", "invalid reference format"),
        ("app/", "invalid reference format"),
        ("-app", "invalid reference format"),
        ("a..b/c", "invalid reference format"),
        ("a___b", "invalid reference format"),
        ("a._b", "invalid reference format"),
        ("app name", "invalid reference format"),
        ("host:port/app", "invalid reference format"),
        ("app@sha256:123", "unsupported digest"),
        ("app@md5:" + String(repeating: "a", count: 32), "unsupported digest"),
        ("../app", "invalid reference format"),
        ("app\u{0}", "invalid reference format"),
        (String(repeating: "ab", count: 32), "cannot specify 64-byte hexadecimal strings"),
        ("r.io/" + String(repeating: "a", count: 256), "must not be more than 255 characters"),
    ]

    @Test(arguments: badNames)
    func refuses(_ text: String, _ cause: String) {
        let error = #expect(throws: ImageReferenceError.self) { try ImageReference(parsing: text) }
        #expect(error?.cause.contains(cause) == true, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test(arguments: [
        ("sha256:" + String(repeating: "0", count: 64), true),
        ("sha512:" + String(repeating: "f", count: 128), true),
        ("sha256:" + String(repeating: "F", count: 64), false),
        ("sha256:" + String(repeating: "0", count: 63), false),
        ("sha256:../../etc", false), ("sha256", false), ("", false),
    ])
    func digests(_ text: String, _ isValid: Bool) {
        #expect((ImageDigest(text) != nil) == isValid)
    }

    @Test func hashes() {
        #expect(
            ImageDigest.sha256(of: "abc".utf8).description
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
