import EdgeJSON
import Testing

@testable import EdgeRuntime

@Suite struct RegistryConfigurationTests {
    private func endpoints(_ image: String, _ json: String) throws -> [String] {
        let configuration = try RegistryConfiguration(try JSONValue(parsing: json))
        let reference = try ImageReference(parsing: image).normalized
        return RegistryEndpoint.all(for: reference, in: configuration).map {
            $0.url("manifests", reference.manifestSelector).description
        }
    }

    private static let orders: [(String, String, [String])] = [
        ("nginx", "{}", ["https://registry-1.docker.io/v2/library/nginx/manifests/latest"]),
        ("r.io/app:1", "null", ["https://r.io/v2/app/manifests/1"]),
        (
            "nginx", #"{"mirrors":{"docker.io":{"endpoint":["https://m.example:5000","http://n"]}}}"#,
            [
                "https://m.example:5000/v2/library/nginx/manifests/latest?ns=docker.io",
                "http://n/v2/library/nginx/manifests/latest?ns=docker.io",
                "https://registry-1.docker.io/v2/library/nginx/manifests/latest",
            ]
        ),
        (
            "r.io:5000/a", #"{"mirrors":{"*":{"endpoint":["m:80/proxy/"]}}}"#,
            [
                "https://m:80/proxy/a/manifests/latest?ns=r.io%3A5000",
                "https://r.io:5000/v2/a/manifests/latest",
            ]
        ),
        // A registry's own entry wins over the wildcard.
        (
            "r.io/a", #"{"mirrors":{"*":{"endpoint":["m"]},"r.io":{"endpoint":["n"]}}}"#,
            ["https://n/v2/a/manifests/latest?ns=r.io", "https://r.io/v2/a/manifests/latest"]
        ),
        (
            "rancher/pause:3.6",
            #"{"mirrors":{"docker.io":{"endpoint":["m"],"rewrite":{"^rancher/(.*)":"proj/rancher-images/$1"}}}}"#,
            [
                "https://m/v2/proj/rancher-images/pause/manifests/3.6?ns=docker.io",
                "https://registry-1.docker.io/v2/rancher/pause/manifests/3.6",
            ]
        ),
        // The registry itself stays last and is never rewritten.
        (
            "r.io/a",
            #"{"mirrors":{"r.io":{"endpoint":["https://r.io","https://r.io:443"],"rewrite":{"^":"x/"}}}}"#,
            ["https://r.io:443/v2/x/a/manifests/latest?ns=r.io", "https://r.io/v2/a/manifests/latest"]
        ),
        (
            "localhost:5000/a", "{}",
            ["http://localhost:5000/v2/a/manifests/latest", "https://localhost:5000/v2/a/manifests/latest"]
        ),
        (
            "r.io/a", #"{"mirrors":{"r.io":{"endpoint":["127.0.0.1:5000","127.0.0.1:5000"]}}}"#,
            ["http://127.0.0.1:5000/v2/a/manifests/latest?ns=r.io", "https://r.io/v2/a/manifests/latest"]
        ),
    ]

    @Test(arguments: orders)
    func orderOfEndpoints(_ image: String, _ json: String, _ expected: [String]) throws {
        #expect(try endpoints(image, json) == expected)
    }

    @Test func settingsByHost() throws {
        let configuration = try RegistryConfiguration(
            try JSONValue(
                parsing: """
                    {"configs":{
                      "r.io:5000":{"auth":{"username":"u","password":123},
                                   "tls":{"ca_file":"/ca","cert_file":"/c","key_file":"/k","insecure_skip_verify":true}},
                      "docker.io":{"auth":{"auth":"dTpwOnE="}},
                      "t.io":{"auth":{"identity_token":"abc"}},
                      "*":{"tls":{"insecure_skip_verify":true}}}}
                    """))
        let host = RegistryEndpoint.settings(for: "r.io:5000", in: configuration)
        #expect(host?.credential == RegistryCredential(username: "u", password: "123"))
        #expect(host?.tls?.caFile == "/ca")
        #expect(host?.tls?.skipsVerification == true)
        #expect(
            RegistryEndpoint.settings(for: "registry-1.docker.io", in: configuration)?.credential
                == RegistryCredential(username: "u", password: "p:q"))
        #expect(
            RegistryEndpoint.settings(for: "t.io", in: configuration)?.credential
                == RegistryCredential(.identityToken("abc")))
        #expect(RegistryEndpoint.settings(for: "other", in: configuration)?.tls?.skipsVerification == true)
        #expect(configuration.unknownKeys.isEmpty)
    }

    @Test(arguments: [
        ("[]", "the document is not a mapping"),
        (#"{"mirrors":[]}"#, "mirrors is not a mapping"),
        (#"{"mirrors":{"a":{"endpoint":"x"}}}"#, "mirrors.a.endpoint is not a list"),
        (#"{"mirrors":{"a":{"endpoint":["ftp://x"]}}}"#, "not an http or https address"),
        (#"{"mirrors":{"a":{"rewrite":{"(":"x"}}}}"#, "expression \"(\""),
        (#"{"mirrors":{"a":{"rewrite":{"(?i)x":"x"}}}}"#, "is not supported"),
        (#"{"configs":{"a":{"auth":{"auth":"?"}}}}"#, "base64 of username:password"),
        (#"{"configs":{"a":{"tls":{"insecure_skip_verify":"yes"}}}}"#, "is not true or false"),
        (#"{"configs":{"a":{"tls":{"cert_file":"/c"}}}}"#, "both cert_file and key_file"),
    ])
    func refuses(_ json: String, _ cause: String) throws {
        let value = try JSONValue(parsing: json)
        let error = #expect(throws: ImageError.self) { try RegistryConfiguration(value) }
        #expect(error?.description.contains(cause) == true, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test func tellsUnknownKeys() throws {
        let value = try JSONValue(parsing: #"{"mirrors":{"a":{"endpoints":[],"order":1}},"extra":1}"#)
        #expect(try RegistryConfiguration(value).unknownKeys == ["mirrors.a.order", "extra"])
    }

    private static let rewriteRules: [(String, String, String, String?)] = [
        ("^rancher/(.*)", "proj/$1", "rancher/pause", "proj/pause"),
        ("(.*)", "cache/${1}", "library/nginx", "cache/library/nginx"),
        ("a", "b", "banana", "bbnbnb"),
        ("^lib(rary)?/", "", "library/nginx", "nginx"),
        (#"v(\d+)"#, "$$v$1", "app/v12", "app/$v12"),
        ("x", "y", "abc", nil),
        ("^x*", "p/", "abc", "p/abc"),
    ]

    @Test(arguments: rewriteRules)
    func rewrites(_ pattern: String, _ replacement: String, _ path: String, _ expected: String?) throws {
        #expect(try RepositoryRewrite(pattern: pattern, replacement: replacement).apply(to: path) == expected)
    }
}
