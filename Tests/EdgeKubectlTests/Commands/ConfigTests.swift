import Testing

@testable import EdgeKubectl

@Suite struct ConfigTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ line: String, _ path: String) async -> KubectlResult {
        await kubectl("\(line) --kubeconfig=\(path)")
    }

    private func file(_ text: String) throws -> String {
        let path = "\(directory.path)/config.yaml"
        try HostFiles.write(path, Array(text.utf8))
        return path
    }

    @Test func buildsAConfigurationFromNothing() async throws {
        let path = try file("")
        #expect(
            await run("config set-cluster c --server=https://1.2.3.4:6443", path).output
                == "Cluster \"c\" set.\n")
        #expect(await run("config set-credentials u --token=secret", path).output == "User \"u\" set.\n")
        #expect(
            await run("config set-context x --cluster=c --user=u --namespace=n", path).output
                == "Context \"x\" created.\n")
        #expect(await run("config current-context", path).errors == "error: current-context is not set\n")
        #expect(await run("config use-context x", path).output == "Switched to context \"x\".\n")
        #expect(await run("config current-context", path).output == "x\n")
        #expect(
            await run("config get-contexts", path).output
                == "CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n*         x      c         u          n\n"
        )
        #expect(
            await run("config view", path).output == """
                apiVersion: v1
                clusters:
                - cluster:
                    server: https://1.2.3.4:6443
                  name: c
                contexts:
                - context:
                    cluster: c
                    namespace: "n"
                    user: u
                  name: x
                current-context: x
                kind: Config
                preferences: {}
                users:
                - name: u
                  user:
                    token: REDACTED

                """)
        #expect(await run("config view --raw -o jsonpath={.users[0].user.token}", path).output == "secret")
        #expect(
            await run("config set clusters.c.server https://5.6.7.8", path).output
                == "Property \"clusters.c.server\" set.\n")
        #expect(
            await run("config view -o jsonpath={.clusters[0].cluster.server}", path).output
                == "https://5.6.7.8")
        #expect(await run("config rename-context x y", path).output == "Context \"x\" renamed to \"y\".\n")
        #expect(await run("config current-context", path).output == "y\n")
        #expect(await run("config unset users.u.token", path).output == "Property \"users.u.token\" unset.\n")
        let deleted = await run("config delete-context y", path)
        #expect(deleted.output == "deleted context y from \(path)\n")
        #expect(deleted.errors.hasPrefix("warning: this removed your active context"))
    }

    @Test func unknownFieldsSurviveAChange() async throws {
        let path = try file(
            "{kind: Config, apiVersion: v1, extensions: [{name: e}], contexts: [{name: x, context: {cluster: c, extra: 1}}]}"
        )
        _ = await run("config set-context x --user=u", path)
        #expect(await run("config view --raw -o jsonpath={.contexts[0].context.extra}", path).output == "1")
        let text = String(decoding: try HostFiles.read(path), as: UTF8.self)
        #expect(text.contains("extensions:"))
    }

    @Test(arguments: [
        ("config use-context nope", "error: no context exists with the name: \"nope\"\n"),
        ("config delete-cluster nope", "error: cannot delete cluster nope, not in "),
        ("get pods --context=nope", "error: context \"nope\" does not exist\n"),
        ("get pods --user=nope", "error: auth info \"nope\" does not exist\n"),
        (
            "get pods --as-group=g",
            "error: requesting uid, groups or user-extra without impersonating a user\n"
        ),
        ("get pods --request-timeout=x", "error: Invalid timeout value."),
    ])
    func refuses(line: String, message: String) async throws {
        let result = await run(line, try file("{}"))
        #expect(result.errors.hasPrefix(message))
        #expect(result.code == 1)
    }

    @Test func credentialPluginsAreRefused() async throws {
        let path = try file(
            "{contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x, clusters: [{name: c, cluster: {server: \"http://h\"}}], users: [{name: u, user: {exec: {command: aws}}}]}"
        )
        #expect(
            await run("get pods", path).errors.hasPrefix(
                "error: user \"u\" logs in by running a program (exec), which is not supported"))
    }
}
