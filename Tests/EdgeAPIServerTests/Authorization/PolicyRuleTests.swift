import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct PolicyRuleTests {
    private static func resource(
        _ resource: String, _ subresource: String = "", group: String = "", name: String = ""
    ) -> AccessRequest.Target {
        .resource(group: group, resource: resource, subresource: subresource, namespace: "d", name: name)
    }

    @Test(arguments: [
        (["pods"], "pods", "", true), (["pods"], "pods", "log", false), (["pods/log"], "pods", "log", true),
        (["pods/log"], "pods", "", false), (["*"], "pods", "exec", true),
        (["*/scale"], "deployments", "scale", true),
        (["*/scale"], "deployments", "", false), (["services"], "pods", "", false),
    ])
    func matchesResources(resources: [String], resource: String, subresource: String, expected: Bool) {
        let rule = BootstrapRoles.rule(["get"], [""], resources)
        #expect(rule.allows("get", Self.resource(resource, subresource)) == expected)
        #expect(!rule.allows("delete", Self.resource(resource, subresource)))
    }

    @Test func namesNarrow() {
        let rule = BootstrapRoles.rule(["get"], [""], ["secrets"], names: ["mine"])
        #expect(rule.allows("get", Self.resource("secrets", name: "mine")))
        #expect(!rule.allows("get", Self.resource("secrets", name: "other")))
        #expect(!rule.allows("list", Self.resource("secrets")))
    }

    @Test(arguments: [
        ("/healthz", "/healthz", true), ("/api/*", "/api/v1", true), ("/api/*", "/apis", false),
        ("*", "/x", true),
    ])
    func matchesPaths(rule: String, path: String, expected: Bool) {
        var policy = PolicyRule(["verbs": ["get"]])
        policy.paths = [rule]
        #expect(policy.allows("get", .path(path)) == expected)
    }
}
