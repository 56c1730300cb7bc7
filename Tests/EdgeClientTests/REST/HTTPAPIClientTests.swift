import EdgeAPI
import EdgeBase
import EdgeJSON
import Synchronization
import Testing

@testable import EdgeClient

@Suite struct HTTPAPIClientTests {
    private static let pods = APIResource(
        group: "", version: "v1", name: "pods", kind: "Pod", isNamespaced: true)
    private static let deployments = APIResource(
        group: "apps", version: "v1", name: "deployments", kind: "Deployment", isNamespaced: true)
    private static let nodes = APIResource(
        group: "", version: "v1", name: "nodes", kind: "Node", isNamespaced: false)

    private func client(_ transport: ScriptedTransport) -> HTTPAPIClient {
        HTTPAPIClient(
            RESTClient(transport: transport),
            mapper: ResourceMapper(resources: [Self.pods, Self.deployments, Self.nodes]))
    }

    private static func pod(_ name: String, _ version: Int) -> String {
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"\(name)\",\"namespace\":\"a\",\"resourceVersion\":\"\(version)\"}, \"spec\":{ }}"
    }

    @Test func keepsTheBytesThatCame() async throws {
        let transport = ScriptedTransport([.init(200, Self.pod("web", 7))])
        let object = try await client(transport).get(ObjectKey(resource: "pods", namespace: "a", name: "web"))
        #expect(object.revision == 7)
        #expect(object.key == ObjectKey(resource: "pods", namespace: "a", name: "web"))
        #expect(String(decoding: object.bytes, as: UTF8.self) == Self.pod("web", 7))
        #expect(transport.requests.first?.path == "/api/v1/namespaces/a/pods/web")
    }

    @Test func readsAllPages() async throws {
        let transport = ScriptedTransport([
            .init(
                200,
                "{\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"t\"},\"items\":[\(Self.pod("a", 1)),\(Self.pod("b", 2))]}"
            ),
            .init(200, "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[\(Self.pod("c", 3))]}"),
        ])
        let list = try await client(transport).list(
            "pods", namespace: nil, options: ListOptions(labelSelector: "x=y"))
        #expect(list.objects.map(\.key.name) == ["a", "b", "c"])
        #expect(list.revision == 9)
        #expect(
            transport.requests.map(\.target) == [
                "/api/v1/pods?labelSelector=x%3Dy&limit=500",
                "/api/v1/pods?labelSelector=x%3Dy&limit=500&continue=t",
            ])
    }

    @Test func listsAtOnceWhenPagesExpire() async throws {
        let transport = ScriptedTransport([
            .init(
                200,
                "{\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"t\"},\"items\":[\(Self.pod("a", 1))]}"
            ),
            .init(410, "\(APIStatus.expired("old").value)"),
            .init(200, "{\"metadata\":{\"resourceVersion\":\"12\"},\"items\":[\(Self.pod("b", 11))]}"),
        ])
        let list = try await client(transport).list("pods", namespace: "a", options: ListOptions())
        #expect(list.objects.map(\.key.name) == ["b"])
        #expect(list.revision == 12)
        #expect(transport.requests.last?.target == "/api/v1/namespaces/a/pods")
    }

    @Test func writesGoToTheirPaths() async throws {
        let answer = ScriptedTransport.Answer(200, Self.pod("web", 8))
        let transport = ScriptedTransport(Array(repeating: answer, count: 6))
        let client = client(transport)
        var deployment = APIObject(apiVersion: "apps/v1", kind: "Deployment", namespace: "a", name: "web")
        deployment["spec"] = [:]
        let key = ObjectKey(resource: "deployments.apps", namespace: "a", name: "web")
        _ = try await client.create("deployments.apps", deployment)
        _ = try await client.updateStatus("deployments.apps", deployment)
        _ = try await client.patch(key, Patch(.strategicMerge, ["a": 1]), subresource: "scale")
        try await client.delete(
            key, options: DeleteOptions(gracePeriodSeconds: 0, propagation: .orphan, uid: "u"))
        _ = try await client.post(
            ObjectKey(resource: "pods", namespace: "a", name: "p"), subresource: "binding", deployment)
        #expect(
            transport.requests.map { "\($0.method) \($0.path)" } == [
                "POST /apis/apps/v1/namespaces/a/deployments",
                "PUT /apis/apps/v1/namespaces/a/deployments/web/status",
                "PATCH /apis/apps/v1/namespaces/a/deployments/web/scale",
                "DELETE /apis/apps/v1/namespaces/a/deployments/web",
                "POST /api/v1/namespaces/a/pods/p/binding",
            ])
        #expect(transport.requests[2].header("Content-Type") == "application/strategic-merge-patch+json")
        let body = try transport.requests[3].body.map { try JSONParser.parse($0) }
        #expect(
            body == [
                "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0,
                "propagationPolicy": "Orphan", "preconditions": ["uid": "u"],
            ])
    }

    @Test func unknownResourcesAreNotFound() async {
        let error = await #expect(throws: APIStatus.self) {
            try await client(ScriptedTransport([])).get(ObjectKey(resource: "foos.example.com", name: "x"))
        }
        #expect(error?.reason == .notFound)
    }

    // MARK: Watching

    private func watch(_ lines: [String], status: Int = 200) async throws -> (
        batches: [String], request: RESTRequest?
    ) {
        let transport = ScriptedTransport([.init(status, lines.joined(separator: "\n") + "\n")])
        let source = HTTPObjectSource(client(transport), watchSeconds: { 300 })
        let batches = Mutex<[String]>([])
        try await source.watch(WatchScope("pods", fieldSelector: "spec.nodeName=n"), after: 5) { batch in
            batches.withLock { all in
                let changes = batch.changes.map { "\($0.kind) \($0.object.key.name) \($0.revision)" }
                all.append("\(batch.revision): \(changes.joined(separator: ","))")
            }
        }
        return (batches.withLock { $0 }, transport.requests.first)
    }

    @Test func deliversEvents() async throws {
        let result = try await watch([
            "{\"type\":\"ADDED\",\"object\":\(Self.pod("a", 6))}",
            "{\"object\":\(Self.pod("a", 7)),\"type\":\"MODIFIED\"}",
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}",
            "{\"type\":\"DELETED\",\"object\":\(Self.pod("a", 10))}",
        ])
        #expect(result.batches == ["6: added a 6", "7: modified a 7", "9: ", "10: deleted a 10"])
        #expect(
            result.request?.target
                == "/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=300&fieldSelector=spec.nodeName%3Dn"
        )
    }

    @Test func errorEventsAreThrown() async {
        let status = APIStatus.expired("too old resource version")
        await #expect(throws: status) { try await watch(["{\"type\":\"ERROR\",\"object\":\(status.value)}"]) }
        await #expect(throws: status) { try await watch(["\(status.value)"], status: 410) }
    }

    @Test func brokenEventsAreErrors() async {
        await #expect(throws: (any Error).self) { try await watch(["{\"type\":\"ADDED\""]) }
        await #expect(throws: RESTDecodingError.self) {
            try await watch(["{\"type\":\"WHAT\",\"object\":{}}"])
        }
        await #expect(throws: RESTDecodingError.self) {
            try await watch(["{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":\"x\"}}}"])
        }
    }
}
