internal import EdgeBase
internal import NIOCore
internal import Testing

@testable internal import EdgeTransport

/// The real kubectl, each version that is installed, against a pod of ours.
@Suite struct KubectlTests {
    static let binaries: [String] = {
        let paths = run("sh", "-c", "ls $(dirname $(readlink -f $(which kubectl)))/kubectl* 2>/dev/null")
            .output
        return paths.split(separator: "\n").map(String.init)
    }()

    @Test(arguments: binaries)
    func execAndForward(_ kubectl: String) async throws {
        let certificates = try TestCertificates()
        let directory = try TemporaryDirectory()
        let config = directory.path + "/config"
        let input = directory.path + "/input"
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        try SmallFile.write(text, to: input, mode: 0o600)
        try await withServer({ request in .now(.text(200, "pod says \(request.path)")) }) { pod in
            try await withServer(
                tls: certificates.serverContext, FakePod(forwardPort: pod.port).handle
            ) { server in
                try Kubeconfig.single(
                    name: "edge", server: "https://127.0.0.1:\(server.port)",
                    authority: certificates.authority.certificate,
                    credentials: .certificate(certificates.client)
                ).save(config) { "\($0)" }
                func kubectlRun(_ arguments: String..., input: String = "/dev/null") async -> CommandResult {
                    await runOffPool(
                        [kubectl, "--kubeconfig", config, "--cache-dir", directory.path] + arguments,
                        input: input)
                }
                let cat = await kubectlRun("exec", "-i", "web", "--", "cat", input: input)
                #expect(cat.status == 0 && cat.output == text, "\(cat.output.prefix(500))")
                let fail = await kubectlRun("exec", "web", "--", "fail")
                #expect(
                    fail.status == 3 && fail.output.contains("no luck\ncommand terminated with exit code 3"),
                    "\(fail.output)")
                let flood = await kubectlRun("exec", "web", "--", "flood")
                #expect(flood.output.utf8.count == 3_000_000)
                let missing = await kubectlRun("exec", "web", "--", "nonsense")
                #expect(
                    missing.status == 1 && missing.output.contains("command not found: nonsense"),
                    "\(missing.output)")
                let forward = await runOffPool([
                    "sh", "-c",
                    """
                    \(kubectl) --kubeconfig \(config) --cache-dir \(directory.path) port-forward pod/web :80 > \(directory.path)/out 2>&1 &
                    pid=$!
                    for i in $(seq 100); do grep -q Forwarding \(directory.path)/out && break; sleep 0.1; done
                    port=$(sed -n 's/Forwarding from 127.0.0.1:\\([0-9]*\\) .*/\\1/p' \(directory.path)/out)
                    for i in 1 2 3; do curl -sS http://127.0.0.1:$port/try$i; done
                    kill $pid; wait $pid; cat \(directory.path)/out
                    """,
                ])
                #expect(
                    forward.output.hasPrefix("pod says /try1pod says /try2pod says /try3"),
                    "\(forward.output)")
            }
        }
    }
}
