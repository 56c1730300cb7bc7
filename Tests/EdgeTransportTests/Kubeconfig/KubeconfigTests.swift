internal import EdgeJSON
internal import Testing

@testable internal import EdgeTransport

@Suite struct KubeconfigTests {
    private func config(_ text: String, directory: String? = nil) throws -> Kubeconfig {
        try Kubeconfig(try JSONValue(parsing: text), directory: directory)
    }

    private let sample = """
        {"apiVersion":"v1","kind":"Config","current-context":"a","preferences":{"colors":true},
         "clusters":[{"name":"c","cluster":{"server":"https://10.0.0.1:6443","tls-server-name":"kube","x-unknown":1}}],
         "contexts":[{"name":"a","context":{"cluster":"c","user":"u","namespace":"ns"}},{"name":"b","context":{"cluster":"c","user":"v"}}],
         "users":[{"name":"u","user":{"token":"t"}},{"name":"v","user":{"tokenFile":"token"}}]}
        """

    @Test func connectionOfTheCurrentContext() throws {
        let connection = try config(sample).connection()
        #expect(connection.server.description == "https://10.0.0.1:6443/")
        #expect(connection.namespace == "ns" && connection.serverName == "kube")
        guard case .bearer("t") = connection.credentials, case .system = connection.trust else {
            Issue.record("wrong credentials")
            return
        }
    }

    @Test func overrides() throws {
        var overrides = KubeconfigOverrides()
        overrides.context = "b"
        overrides.namespace = "other"
        overrides.server = "http://localhost:8080"
        let connection = try config(sample, directory: "/etc/kube").connection(overrides)
        #expect(connection.server.description == "http://localhost:8080/" && connection.namespace == "other")
        guard case .bearerFile("/etc/kube/token") = connection.credentials else {
            Issue.record("wrong credentials")
            return
        }
    }

    @Test func credentialsFromTheCommandLine() throws {
        var overrides = KubeconfigOverrides()
        overrides.server = "h:8080"
        overrides.username = "jane"
        overrides.password = "secret"
        overrides.impersonatedUser = "robot"
        overrides.impersonatedGroups = ["a", "b"]
        let connection = try config(sample).connection(overrides)
        #expect(connection.server.description == "http://h:8080/")
        guard case .basic(user: "jane", password: "secret") = connection.credentials else {
            Issue.record("wrong credentials")
            return
        }
        #expect(
            connection.impersonation.fields == [
                .init("Impersonate-User", "robot"), .init("Impersonate-Group", "a"),
                .init("Impersonate-Group", "b"),
            ])
        overrides.insecureSkipVerify = true
        #expect(try config(sample).connection(overrides).server.description == "https://h:8080/")
    }

    @Test func unknownMembersSurvive() throws {
        let value = try config(sample).value
        #expect(value["preferences"]?["colors"] == true)
        #expect(value["clusters"]?.array?.first?["cluster"]?["x-unknown"] == 1)
        #expect(try Kubeconfig(value) == config(sample))
    }

    @Test func firstFileWins() throws {
        var merged = try config(sample)
        merged.merge(
            try config(
                """
                {"current-context":"z","clusters":[{"name":"c","cluster":{"server":"https://other"}},{"name":"d","cluster":{"server":"https://d"}}]}
                """))
        #expect(merged.currentContext == "a")
        #expect(merged.clusters.map(\.name) == ["c", "d"])
        #expect(merged.clusters[0].value["server"] == "https://10.0.0.1:6443")
    }

    @Test func filesAndInlineMaterial() throws {
        let directory = try TemporaryDirectory()
        let certificates = try TestCertificates()
        let path = directory.path + "/config"
        let config = Kubeconfig.single(
            name: "edge", server: "https://127.0.0.1:6443", authority: certificates.authority.certificate,
            credentials: .certificate(certificates.client))
        try config.save(path) { "\($0)" }
        #expect(run("stat", "-c", "%a", path).output == "600\n")
        let loaded = try Kubeconfig.load([directory.path + "/missing", path]) { try JSONValue(parsing: $0) }
        let connection = try loaded.connection()
        #expect(connection.identity == certificates.client)
        guard case .authorities(certificates.authority.certificate) = connection.trust else {
            Issue.record("wrong trust")
            return
        }
        #expect(throws: FileError.self) {
            try Kubeconfig.load([directory.path + "/missing"], isRequired: true) {
                try JSONValue(parsing: $0)
            }
        }
        let kubectl = run(
            "kubectl", "--kubeconfig", path, "config", "view", "--raw", "-o", "jsonpath={.users[0].name}")
        #expect(kubectl.output == "edge", "\(kubectl.output)")
    }

    @Test(arguments: [
        ("{}", "no configuration has been provided"),
        (#"{"current-context":"x"}"#, "context \"x\" does not exist"),
        (
            #"{"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c"}}]}"#,
            "cluster \"c\" does not exist"
        ),
        (
            #"{"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],"clusters":[{"name":"c","cluster":{"server":"https://h"}}],"users":[{"name":"u","user":{"exec":{"command":"aws"}}}]}"#,
            "running a program"
        ),
        (
            #"{"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":"ftp://h"}}]}"#,
            "no usable server"
        ),
    ])
    func problems(_ text: String, _ message: String) throws {
        let config = try config(text)
        do {
            _ = try config.connection()
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @Test(arguments: [#"[]"#, #"{"kind":"Pod"}"#, #"{"clusters":{}}"#, #"{"users":[{}]}"#])
    func malformed(_ text: String) {
        #expect(throws: KubeconfigError.self) { try config(text) }
    }

    @Test(
        arguments: [
            ("/f", "a:b", "/h", ["/f"]), (nil, "a::b", "/h", ["a", "b"]),
            (nil, nil, "/h", ["/h/.kube/config"]), (nil, "", nil, []),
        ] as [(String?, String?, String?, [String])])
    func paths(_ flag: String?, _ variable: String?, _ home: String?, _ paths: [String]) {
        #expect(Kubeconfig.paths(flag: flag, variable: variable, home: home) == paths)
    }
}
