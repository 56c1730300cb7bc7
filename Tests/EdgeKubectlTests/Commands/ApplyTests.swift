import EdgeClient
import EdgeJSON
import Testing

@testable import EdgeKubectl

@Suite struct ApplyTests {
    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 1
          template: {spec: {containers: [{name: c, image: "x:1"}]}}
        """
    private static let path = "/apis/apps/v1/namespaces/default/deployments/web"

    @Test func createsThenLeavesThenChanges() async throws {
        let server = MemoryServer()
        let created = await kubectl("apply -f -", server: server, input: Self.manifest)
        #expect(created == KubectlResult(output: "deployment.apps/web created\n", errors: "", code: 0))
        let annotation = server.object(Self.path)?[path: "metadata", "annotations", LastApplied.key]?.string
        #expect(
            annotation
                == "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"annotations\":{},\"name\":\"web\",\"namespace\":\"default\"},\"spec\":{\"replicas\":1,\"template\":{\"spec\":{\"containers\":[{\"image\":\"x:1\",\"name\":\"c\"}]}}}}\n"
        )
        let again = await kubectl("apply -f -", server: server, input: Self.manifest)
        #expect(again.output == "deployment.apps/web unchanged\n")
        let changed = await kubectl(
            "apply -f -", server: server, input: Self.manifest.replacingAll("x:1", with: "x:2"))
        #expect(changed.output == "deployment.apps/web configured\n")
        #expect(
            server.log.last
                == "PATCH \(Self.path)?fieldManager=kubectl-client-side-apply&fieldValidation=Strict")
        let image = server.object(Self.path)?[path: "spec", "template", "spec", "containers"]?.array?.first?[
            "image"]
        #expect(image == "x:2")
    }

    @Test func dryRunsWriteNothing() async throws {
        let server = MemoryServer()
        let client = await kubectl("apply -f - --dry-run=client", server: server, input: Self.manifest)
        #expect(client.output == "deployment.apps/web created (dry run)\n")
        #expect(server.log == ["GET \(Self.path)"])
        let remote = await kubectl("apply -f - --dry-run=server", server: server, input: Self.manifest)
        #expect(remote.output == "deployment.apps/web created (server dry run)\n")
        #expect(server.object(Self.path) == nil)
    }

    @Test func appliesOnTheServer() async throws {
        let server = MemoryServer()
        try server.put(Self.manifest.replacingAll("{name: web}", with: "{name: web, namespace: default}"))
        let result = await kubectl(
            "apply --server-side --force-conflicts -f -", server: server, input: Self.manifest)
        #expect(result.output == "deployment.apps/web serverside-applied\n")
        #expect(server.requests.last?.header("Content-Type") == "application/apply-patch+yaml")
        #expect(
            server.log.last == "PATCH \(Self.path)?fieldManager=kubectl&fieldValidation=Strict&force=true")
    }

    @Test func warnsOfObjectsThatWereNotApplied() async throws {
        let server = MemoryServer()
        try server.put(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}, data: {a: b}}")
        let result = await kubectl(
            "apply -f -", server: server,
            input: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: c}}")
        #expect(result.output == "configmap/c configured\n")
        #expect(
            result.errors.hasPrefix(
                "Warning: resource configmaps/c is missing the kubectl.kubernetes.io/last-applied-configuration annotation"
            ))
    }

    @Test(arguments: [
        (
            "kind: Foo\napiVersion: v9\nmetadata: {name: x}",
            "error: resource mapping not found for name: \"x\" namespace: \"\" from \"STDIN\": no matches for kind \"Foo\" in version \"v9\"\nensure CRDs are installed first\n"
        ),
        (
            "metadata: {name: x}",
            "error: unable to decode \"STDIN\": Object 'Kind' is missing in '{\"metadata\":{\"name\":\"x\"}}'\n"
        ),
        ("", "error: no objects passed to apply\n"),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}",
            "error: from a-: cannot use generate name with apply\n"
        ),
    ])
    func refuses(manifest: String, message: String) async {
        let result = await kubectl("apply -f -", input: manifest)
        #expect(result == KubectlResult(output: "", errors: message, code: 1))
    }

    @Test func anotherNamespaceIsAnError() async {
        let result = await kubectl(
            "apply -n a -f -", input: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: b}}")
        #expect(
            result.errors
                == "error: the namespace from the provided object \"b\" does not match the namespace \"a\". You must pass '--namespace=b' to perform this operation.\n"
        )
    }

    @Test func failuresNameTheFile() async {
        let server = MemoryServer()
        server.answer(
            "/api/v1/namespaces/default/pods", status: 422,
            "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Invalid\",\"code\":422,\"message\":\"m\",\"details\":{\"kind\":\"Pod\",\"name\":\"p\",\"causes\":[{\"field\":\"spec.a\",\"message\":\"Required value\"},{\"field\":\"spec.b\",\"message\":\"bad\"}]}}"
        )
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}}"
        let invalid = await kubectl("create -f -", server: server, input: pod)
        #expect(invalid.errors == "The Pod \"p\" is invalid: \n* spec.a: Required value\n* spec.b: bad\n")
        server.answer(
            "/api/v1/namespaces/default/pods", status: 409,
            "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"AlreadyExists\",\"code\":409,\"message\":\"pods \\\"p\\\" already exists\"}"
        )
        let existing = await kubectl("create -f -", server: server, input: pod)
        #expect(
            existing.errors
                == "Error from server (AlreadyExists): error when creating \"STDIN\": pods \"p\" already exists\n"
        )
    }
}
