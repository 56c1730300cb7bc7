import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeStorage
import Testing

@testable import EdgeAPIServer

@Suite struct LimitRangerTests {
    private func item(_ yaml: String) throws -> Limit { Limit(try #require(try YAML.parse(yaml).first)) }

    private func pod(_ containers: String) throws -> APIObject {
        let spec = try #require(try YAML.parse("containers: \(containers)").first)
        return APIObject(["metadata": ["name": "p"], "spec": spec] as JSONObject)
    }

    @Test func defaultsAreFilledIn() throws {
        var pod = try pod(
            "[{name: a}, {name: b, resources: {requests: {cpu: 1}, limits: {cpu: 2, memory: 1Gi}}}]")
        let range = [
            try item("{type: Container, defaultRequest: {cpu: 100m}, default: {cpu: 200m, memory: 64Mi}}")
        ]
        LimitDefaults(range).apply(to: &pod, annotation: "x")
        #expect(
            pod[path: "spec", "containers"]?.array?.first?["resources"]
                == ["requests": ["cpu": "100m"], "limits": ["cpu": "200m", "memory": "64Mi"]])
        #expect(
            pod[annotation: "x"]
                == "LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a")
    }

    @Test(arguments: [
        (
            "{type: Container, min: {cpu: 100m}}", "{requests: {cpu: 50m}, limits: {cpu: 1}}",
            ["minimum cpu usage per Container is 100m, but request is 50m"]
        ),
        (
            "{type: Container, min: {cpu: 100m}}", "{}",
            ["minimum cpu usage per Container is 100m.  No request is specified"]
        ),
        (
            "{type: Container, max: {memory: 1Gi}}", "{requests: {memory: 1Mi}, limits: {memory: 2Gi}}",
            ["maximum memory usage per Container is 1Gi, but limit is 2Gi"]
        ),
        (
            "{type: Container, max: {memory: 1Gi}}", "{}",
            ["maximum memory usage per Container is 1Gi.  No limit is specified"]
        ),
        (
            "{type: Container, maxLimitRequestRatio: {cpu: 2}}",
            "{requests: {cpu: 100m}, limits: {cpu: 250m}}",
            ["cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000"]
        ),
        (
            "{type: Pod, max: {cpu: 1}}", "{requests: {cpu: 2}, limits: {cpu: 2}}",
            ["maximum cpu usage per Pod is 1, but limit is 2"]
        ),
        ("{type: Pod, max: {cpu: 4}, min: {cpu: 1}}", "{requests: {cpu: 2}, limits: {cpu: 2}}", []),
    ])
    func boundsAreKept(_ limit: String, _ resources: String, _ problems: [String]) throws {
        let pod = try pod("[{name: a, resources: \(resources)}]")
        #expect(try item(limit).problems(of: Pod(pod)) == problems)
    }

    @Test func claimsHaveBounds() throws {
        let claim = APIObject(
            ["spec": ["resources": ["requests": ["storage": "5Gi"]]]] as JSONObject)
        let limit = try item("{type: PersistentVolumeClaim, min: {storage: 1Gi}, max: {storage: 2Gi}}")
        #expect(
            limit.problems(ofClaim: claim)
                == ["maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 5Gi"])
    }

    @Test func podsOfANamespaceAreHeldToItsRanges() async throws {
        let test = try await TestRegistry()
        let plugin = LimitRanger(store: test.registry.store)
        _ = try await test.create(
            "limitranges",
            [
                "metadata": ["name": "l"],
                "spec": ["limits": [["type": "Container", "max": ["cpu": "1"], "min": ["cpu": "100m"]]]],
            ])
        func request(_ resources: JSONValue) throws -> AdmissionRequest {
            AdmissionRequest(
                operation: .create, resource: try test.resource("pods"), subresource: "", namespace: "d",
                name: "p", user: .apiServer,
                object: APIObject(
                    [
                        "metadata": ["name": "p"],
                        "spec": ["containers": [["name": "c", "resources": resources]]],
                    ] as JSONObject), old: nil, isDryRun: false)
        }
        // What is not said follows the maximum.
        var silent = try request([:])
        try plugin.mutate(&silent)
        #expect(
            silent.object?[path: "spec", "containers"]?.array?.first?["resources"]?["limits"] == ["cpu": "1"])
        try plugin.validate(silent)
        let greedy = try request(["requests": ["cpu": "50m"], "limits": ["cpu": "2"]])
        #expect { try plugin.validate(greedy) } throws: {
            ($0 as? APIStatus)?.message
                == "pods \"p\" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, maximum cpu usage per Container is 1, but limit is 2]"
        }
    }
}
