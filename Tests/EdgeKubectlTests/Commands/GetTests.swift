import EdgeClient
import Testing

@testable import EdgeKubectl

@Suite struct GetTests {
    private func server() throws -> MemoryServer {
        let server = MemoryServer()
        try server.put(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: default, labels: {app: web, tier: front}}
            spec: {nodeName: n1, containers: [{name: c, image: "nginx:1"}]}
            status: {phase: Running}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: database, namespace: default}
            spec: {containers: [{name: c, image: "db"}]}
            status: {phase: Pending}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: dns, namespace: kube-system}
            status: {phase: Running}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            """)
        return server
    }

    /// Lines with what they print to standard output.
    @Test(arguments: [
        ("get pods", "NAME       STATUS    AGE\ndatabase   Pending   5m\nweb        Running   5m\n"),
        ("get po web --no-headers", "web   Running   5m\n"),
        (
            "get pods -o wide",
            "NAME       STATUS    AGE   NODE\ndatabase   Pending   5m    <none>\nweb        Running   5m    n1\n"
        ),
        (
            "get pods -A",
            "NAMESPACE     NAME       STATUS    AGE\ndefault       database   Pending   5m\ndefault       web        Running   5m\nkube-system   dns        Running   5m\n"
        ),
        (
            "get pods -l app=web --show-labels",
            "NAME   STATUS    AGE   LABELS\nweb    Running   5m    app=web,tier=front\n"
        ),
        (
            "get pods -L tier,app",
            "NAME       STATUS    AGE   TIER    APP\ndatabase   Pending   5m            \nweb        Running   5m    front   web\n"
        ),
        (
            "get pods,svc",
            "NAME           STATUS    AGE\npod/database   Pending   5m\npod/web        Running   5m\n\nNAME          STATUS   AGE\nservice/web   <none>   5m\n"
        ),
        (
            "get pod/web svc/web",
            "NAME      STATUS    AGE\npod/web   Running   5m\n\nNAME          STATUS   AGE\nservice/web   <none>   5m\n"
        ),
        (
            "get all --no-headers",
            "pod/database   Pending   5m\npod/web        Running   5m\nservice/web   <none>   5m\n"
        ),
        (
            "get pods --sort-by=.status.phase --no-headers",
            "database   Pending   5m\nweb        Running   5m\n"
        ),
        ("get pods -o name", "pod/database\npod/web\n"), ("get pod web -o name", "pod/web\n"),
        ("get pods -o jsonpath={.items[*].metadata.name}", "database web"),
        ("get pod web -o jsonpath={.spec.containers[0].image}", "nginx:1"),
        (
            "get pods -o custom-columns=N:.metadata.name,APP:.metadata.labels.app",
            "N          APP\ndatabase   <none>\nweb        web\n"
        ),
        ("get pods --field-selector status.phase=Pending -o name", "pod/database\n"),
        ("get pods -n kube-system -o name", "pod/dns\n"),
        ("get pod nothing --ignore-not-found", ""),
    ])
    func prints(line: String, text: String) async throws {
        let result = await kubectl(line, server: try server())
        #expect(result == KubectlResult(output: text, errors: "", code: 0))
    }

    @Test(arguments: [
        ("get pods -n empty", "No resources found in empty namespace.\n", 0),
        ("get configmaps -A", "No resources found\n", 0), ("get nodes", "No resources found\n", 0),
        ("get pod nothing", "Error from server (NotFound): pods \"nothing\" not found\n", 1),
        (
            "get pods a b",
            "Error from server (NotFound): pods \"a\" not found\nError from server (NotFound): pods \"b\" not found\n",
            1
        ),
        (
            "get pod web pod/web",
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
            1
        ),
        ("get pod web -A", "error: a resource cannot be retrieved by name across all namespaces\n", 1),
        ("get pod web -l a=b", "error: name cannot be provided when a selector is specified\n", 1),
        (
            "get pods -o foo",
            "error: unable to match a printer suitable for the output format \"foo\", allowed formats are: json,yaml,name,jsonpath,jsonpath-as-json,jsonpath-file,custom-columns,custom-columns-file,wide\n",
            1
        ),
        (
            "get pods --sort-by=.nothing",
            "error: couldn't find any field with path \"{.nothing}\" in the list of objects\n", 1
        ),
    ])
    func tells(line: String, message: String, code: Int32) async throws {
        let result = await kubectl(line, server: try server())
        #expect(result == KubectlResult(output: "", errors: message, code: code))
    }

    @Test func printsYAMLWithSortedKeys() async throws {
        let server = MemoryServer()
        try server.put(
            "{kind: ConfigMap, apiVersion: v1, metadata: {name: c, namespace: default, uid: u}, data: {b: \"1\", a: \"<x>\"}}"
        )
        let yaml = await kubectl("get cm c -o yaml", server: server)
        #expect(
            yaml.output == """
                apiVersion: v1
                data:
                  a: <x>
                  b: "1"
                kind: ConfigMap
                metadata:
                  name: c
                  namespace: default
                  resourceVersion: "101"
                  uid: u

                """)
        let json = await kubectl("get cm c -o json", server: server)
        #expect(
            json.output.hasPrefix(
                "{\n    \"apiVersion\": \"v1\",\n    \"data\": {\n        \"a\": \"\\u003cx\\u003e\",\n"))
    }

    @Test func asksForPagesAndSelectors() async throws {
        let server = try server()
        _ = await kubectl("get pods -l app=web --chunk-size=7 -n default", server: server)
        #expect(server.log == ["GET /api/v1/namespaces/default/pods?labelSelector=app%3Dweb&limit=7"])
    }

    @Test func followsContinueTokens() async throws {
        let server = MemoryServer()
        server.answer(
            "/api/v1/namespaces/default/pods",
            "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}"
        )
        _ = await kubectl("get pods -o name", server: server)
        #expect(server.log.count == 1)
    }

    @Test func showsRawPaths() async {
        let server = MemoryServer()
        server.answer("/healthz", "ok")
        #expect(await kubectl("get --raw /healthz", server: server).output == "ok")
    }

    @Test func printsWarningsOnce() async throws {
        let server = MemoryServer()
        server.answer(
            "/api/v1/namespaces/default/configmaps/c",
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\"}}",
            headers: [.init("Warning", "299 - \"old \\\"thing\\\"\", 299 - \"second\"")])
        let result = await kubectl("get cm c -o name", server: server)
        #expect(result.errors == "Warning: old \"thing\"\nWarning: second\n")
        #expect(result.code == 0)
        #expect(await kubectl("get cm c -o name --warnings-as-errors", server: server).code == 1)
    }

    @Test func watchesUntilTheServerEnds() async throws {
        let server = try server()
        let result = await kubectl("get pods -w", server: server)
        #expect(
            result.output == "NAME       STATUS    AGE\ndatabase   Pending   5m\nweb        Running   5m\n")
        #expect(server.log.last?.contains("watch=true") == true)
    }
}
