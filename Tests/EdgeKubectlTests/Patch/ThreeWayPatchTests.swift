import EdgeAPI
import EdgeClient
import EdgeJSON
import Testing

@testable import EdgeKubectl

@Suite struct ThreeWayPatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let original: String
        let modified: String
        let current: String
        let patch: String
        var testDescription: String { name }
    }

    private static func deployment(_ spec: String) -> String {
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":\(spec)}"
    }

    private static func pods(_ containers: String) -> String {
        deployment("{\"template\":{\"spec\":{\"containers\":\(containers)}}}")
    }

    @Test(arguments: [
        Case(
            name: "nothing to do", original: deployment("{\"replicas\":1}"),
            modified: deployment("{\"replicas\":1}"),
            current: deployment("{\"replicas\":1,\"paused\":true}"), patch: "{}"),
        Case(
            name: "a changed field", original: deployment("{\"replicas\":1}"),
            modified: deployment("{\"replicas\":2}"),
            current: deployment("{\"replicas\":1}"), patch: "{\"spec\":{\"replicas\":2}}"),
        Case(
            name: "a change made elsewhere is undone", original: deployment("{\"replicas\":1}"),
            modified: deployment("{\"replicas\":1}"), current: deployment("{\"replicas\":5}"),
            patch: "{\"spec\":{\"replicas\":1}}"),
        Case(
            name: "a field that is no longer wanted",
            original: deployment("{\"replicas\":1,\"paused\":true}"),
            modified: deployment("{\"replicas\":1}"), current: deployment("{\"replicas\":1,\"paused\":true}"),
            patch: "{\"spec\":{\"paused\":null}}"),
        Case(
            name: "containers merge by name", original: pods("[{\"name\":\"a\",\"image\":\"x:1\"}]"),
            modified: pods("[{\"name\":\"a\",\"image\":\"x:2\"}]"),
            current: pods("[{\"name\":\"a\",\"image\":\"x:1\",\"imagePullPolicy\":\"Always\"}]"),
            patch:
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":\"x:2\",\"name\":\"a\"}],\"$setElementOrder/containers\":[{\"name\":\"a\"}]}}}}"
        ),
        Case(
            name: "a container is taken away", original: pods("[{\"name\":\"a\"},{\"name\":\"b\"}]"),
            modified: pods("[{\"name\":\"a\"}]"),
            current: pods("[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"injected\"}]"),
            patch:
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"$patch\":\"delete\",\"name\":\"b\"}],\"$setElementOrder/containers\":[{\"name\":\"a\"}]}}}}"
        ),
        Case(
            name: "an injected container is left alone", original: pods("[{\"name\":\"a\"}]"),
            modified: pods("[{\"name\":\"a\"}]"), current: pods("[{\"name\":\"a\"},{\"name\":\"injected\"}]"),
            patch: "{}"),
        Case(
            name: "kinds without a schema replace lists",
            original: "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"l\":[1,2]}",
            modified: "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"l\":[1,3]}",
            current: "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"l\":[1,2],\"s\":1}",
            patch: "{\"l\":[1,3]}"),
    ])
    func computes(_ example: Case) throws {
        let modified = try JSONValue(parsing: example.modified)
        let current = try JSONValue(parsing: example.current)
        let patch = ThreeWayPatch(schema: .shared).patch(
            original: try JSONValue(parsing: example.original), modified: modified, current: current)
        #expect(JSONValue.object(patch) == (try JSONValue(parsing: example.patch)))
        // Applied, the patch leaves nothing to do.
        if modified["kind"]?.string == "Deployment" {
            let patched = try LocalPatch.apply(.strategicMerge, .object(patch), to: current)
            let again = ThreeWayPatch(schema: .shared)
                .patch(original: modified, modified: modified, current: patched)
            #expect(again.isEmpty)
        }
    }
}
