import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct WebhookMatchingTests {
    private static func attributes(
        _ storageName: String, _ operation: AdmissionRequest.Operation = .create, subresource: String = "",
        version: String? = nil, labels: JSONObject = [:], old: JSONObject? = nil
    ) throws -> WebhookAttributes {
        let resource = try #require(Schema.shared.stored(storageName))
        let requested =
            try version.map {
                try #require(
                    Schema.shared.resource(group: resource.group, version: $0, resource: resource.resource))
            } ?? resource
        func object(_ labels: JSONObject) -> APIObject {
            APIObject(["metadata": ["name": "x", "labels": .object(labels)]] as JSONObject)
        }
        return WebhookAttributes(
            operation: operation, requested: requested, resource: resource, subresource: subresource,
            namespace: "d", name: "x", user: .apiServer, object: object(labels), old: old.map(object),
            options: nil, isDryRun: false)
    }

    private static func webhook(_ rule: JSONValue, _ changes: JSONObject = [:]) throws -> AdmissionWebhook {
        var webhook: JSONObject = ["name": "a.b.c", "rules": [rule]]
        for member in changes { webhook[member.key] = member.value }
        return try AdmissionWebhook(.object(webhook), configuration: "c", index: 0)
    }

    @Test(
        arguments: [
            (["*"], ["*"], ["*"], ["*"], "*", "pods", "", true),
            (["*"], ["*"], ["*"], ["*"], "*", "pods", "status", false),
            (["*"], ["*"], ["*"], ["*/*"], "*", "pods", "status", true),
            (["*"], ["*"], ["*"], ["pods/*"], "*", "pods", "exec", true),
            (["*"], ["*"], ["*"], ["*/scale"], "*", "deployments.apps", "scale", true),
            (["*"], ["*"], ["*"], ["*/scale"], "*", "deployments.apps", "", false),
            (["*"], [""], ["v1"], ["deployments"], "*", "deployments.apps", "", false),
            (["*"], ["apps"], ["v1"], ["deployments"], "*", "deployments.apps", "", true),
            (["UPDATE"], ["apps"], ["v1"], ["deployments"], "*", "deployments.apps", "", false),
            (["UPDATE", "CREATE"], ["apps"], ["v1"], ["deployments"], "*", "deployments.apps", "", true),
            (["*"], ["apps"], ["v2"], ["deployments"], "*", "deployments.apps", "", false),
            (["*"], ["*"], ["*"], ["*"], "Cluster", "pods", "", false),
            (["*"], ["*"], ["*"], ["*"], "Cluster", "nodes", "", true),
            (["*"], ["*"], ["*"], ["*"], "Namespaced", "namespaces", "", false),
        ] as [([String], [String], [String], [String], String, String, String, Bool)])
    func rules(
        _ operations: [String], _ groups: [String], _ versions: [String], _ resources: [String],
        _ scope: String, _ storageName: String, _ subresource: String, _ expected: Bool
    ) throws {
        func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
        let webhook = try Self.webhook([
            "operations": list(operations), "apiGroups": list(groups), "apiVersions": list(versions),
            "resources": list(resources), "scope": .string(scope),
        ])
        let attributes = try Self.attributes(storageName, subresource: subresource)
        #expect((webhook.version(for: attributes) != nil) == expected)
    }

    @Test func anEquivalentVersionIsTakenUnlessItMustBeExact() throws {
        let rule: JSONValue = [
            "operations": ["*"], "apiGroups": ["autoscaling"], "apiVersions": ["v2"],
            "resources": ["horizontalpodautoscalers"],
        ]
        let asked = try Self.attributes("horizontalpodautoscalers.autoscaling", version: "v1")
        #expect(try Self.webhook(rule).version(for: asked)?.version == "v2")
        #expect(try Self.webhook(rule, ["matchPolicy": "Exact"]).version(for: asked) == nil)
        let stored = try Self.attributes("horizontalpodautoscalers.autoscaling", version: "v2")
        #expect(try Self.webhook(rule, ["matchPolicy": "Exact"]).version(for: stored)?.version == "v2")
    }

    @Test(
        arguments: [
            ([:], [:], nil, true), (["a": "b"], [:], nil, false), (["a": "b"], ["a": "b"], nil, true),
            (["a": "b"], [:], ["a": "b"], true),
        ] as [(JSONObject, JSONObject, JSONObject?, Bool)])
    func objectSelectors(
        _ selector: JSONObject, _ labels: JSONObject, _ old: JSONObject?, _ expected: Bool
    ) throws {
        let webhook = try Self.webhook([:], ["objectSelector": ["matchLabels": .object(selector)]])
        #expect(webhook.selects(try Self.attributes("pods", labels: labels, old: old)) == expected)
    }

    @Test func clientsAreFoundByAddressAndByService() throws {
        let byAddress = try WebhookTarget(["url": "https://h.example:8443/x"])
        #expect(byAddress.url.description == "https://h.example:8443/x")
        #expect(byAddress.destination.place == .address(host: "h.example", port: 8443))
        #expect(byAddress.destination.trust == .system)
        let byService = try WebhookTarget([
            "service": ["name": "s", "namespace": "n", "path": "/p"], "caBundle": "eA==",
        ])
        #expect(byService.url.description == "https://s.n.svc/p")
        #expect(byService.destination.place == .service(namespace: "n", name: "s", port: 443))
        #expect(byService.destination.trust == .authorities("x"))
        #expect(throws: OutboundFailure.self) { try WebhookTarget(["url": "nowhere"]) }
    }
}
