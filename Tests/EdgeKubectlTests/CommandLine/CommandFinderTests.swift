import Testing

@testable import EdgeKubectl

@Suite struct CommandFinderTests {
    @Test(arguments: [
        ("get pods", "kubectl get", ["pods"]), ("-n web get pods", "kubectl get", ["-n", "web", "pods"]),
        (
            "--context=a rollout -n web status deploy/x", "kubectl rollout status",
            ["--context=a", "-n", "web", "deploy/x"]
        ),
        ("create -f x", "kubectl create", ["-f", "x"]),
        ("create deploy x --image=i", "kubectl create deployment", ["x", "--image=i"]),
        ("create -n web secret generic s", "kubectl create secret generic", ["-n", "web", "s"]),
        ("exec web -- get", "kubectl exec", ["web", "--", "get"]),
        ("help get", "kubectl get", ["--help"]),
    ])
    func finds(line: String, path: String, rest: [String]) throws {
        let found = try CommandFinder.find(line.split(separator: " ").map(String.init))
        #expect(found.path == path)
        #expect(found.rest == rest)
    }

    @Test func unknownCommandsAreRefusedWithSuggestions() async {
        let result = await kubectl("geet pods")
        #expect(
            result.errors.hasPrefix("error: unknown command \"geet\" for \"kubectl\"\n\nDid you mean this?\n")
        )
        #expect(result.errors.contains("\tget\n"))
        #expect(result.code == 1)
    }

    /// Lines with what they print to standard error; all end with 1.
    @Test(arguments: [
        ("rollout foo", "error: unknown command \"foo\"\nSee 'kubectl rollout -h' for help and examples\n"),
        ("get --foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
        ("create foo", "error: Unexpected args: [foo]\nSee 'kubectl create -h' for help and examples\n"),
        ("apply", "error: must specify one of -f and -k\n"),
        ("apply -f /nonexist", "error: the path \"/nonexist\" does not exist\n"),
        ("create -f -", "error: no objects passed to create\n"),
        ("run x", "error: required flag(s) \"image\" not set\n"),
        ("wait", "error: unrecognized condition: \"\"\n"),
        ("cp", "error: source and destination are required\n"),
        ("cordon", "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n"),
        ("patch", "error: must specify --patch or --patch-file containing the contents of the patch\n"),
        ("exec", "error: pod, type/name or --filename must be specified\n"),
        ("certificate approve", "error: one or more CSRs must be specified as <name> or -f <filename>\n"),
        (
            "api-versions x",
            "error: unexpected arguments: [x]\nSee 'kubectl api-versions -h' for help and examples\n"
        ),
        (
            "delete",
            "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n"
        ),
        (
            "logs",
            "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n"
        ),
        ("get foos", "error: the server doesn't have a resource type \"foos\"\n"),
        (
            "get pods -k .",
            "error: flag -k, --kustomize is not supported by this kubectl: kustomizations are not built in: render them first\nSee 'kubectl get --help' for usage.\n"
        ),
        (
            "get pods -o go-template={{.}}",
            "error: the output format \"go-template\" (use jsonpath) is not supported by this kubectl\n"
        ),
        ("top pods", "error: Metrics API not available\n"),
        (
            "plugin list",
            "error: the command \"plugin\" is not built into this kubectl (call the plugin by its own name)\n"
        ),
    ])
    func tellsWhatIsWrong(line: String, message: String) async {
        let result = await kubectl(line)
        #expect(result == KubectlResult(output: "", errors: message, code: 1))
    }
}
