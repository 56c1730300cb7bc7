internal import Testing

@testable internal import EdgeAPIServer

@Suite struct AuditPolicyTests {
    private static let policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: None
          users: [quiet]
        - level: None
          userGroups: ["system:nodes"]
          verbs: [get]
        - level: RequestResponse
          resources:
          - {group: "", resources: ["secrets", "pods/*"]}
          omitManagedFields: true
        - level: Request
          resources:
          - {group: apps, resources: ["*/scale"], resourceNames: [web]}
          omitStages: [ResponseStarted]
        - level: Metadata
          namespaces: [default]
        - level: Metadata
          nonResourceURLs: ["/healthz*", "/version"]
        """

    @Test(arguments: [
        ("quiet", "GET", "/api/v1/namespaces/default/secrets/a", "None"),
        ("a", "GET", "/api/v1/namespaces/x/secrets/a", "RequestResponse"),
        ("a", "POST", "/api/v1/namespaces/x/pods/web/exec", "RequestResponse"),
        ("a", "GET", "/api/v1/namespaces/x/pods/web", "RequestResponse"),
        ("a", "PUT", "/apis/apps/v1/namespaces/x/deployments/web/scale", "Request"),
        ("a", "PUT", "/apis/apps/v1/namespaces/x/deployments/other/scale", "None"),
        ("a", "GET", "/api/v1/namespaces/x/configmaps/a", "None"),
        ("a", "GET", "/api/v1/namespaces/default/configmaps", "Metadata"),
        ("a", "GET", "/healthz/ping", "Metadata"), ("a", "GET", "/version", "Metadata"),
        ("a", "GET", "/version/x", "None"),
    ])
    func levels(user: String, method: String, path: String, wanted: String) throws {
        let policy = try AuditPolicy(parsing: Self.policy)
        let info = RequestInfo(
            method: method, path: path, segments: path.split(separator: "/").map(String.init))
        #expect(policy.decision(UserInfo(name: user), info).level.rawValue == wanted)
    }

    @Test func stagesAddUp() throws {
        let policy = try AuditPolicy(parsing: Self.policy)
        let path = "/apis/apps/v1/namespaces/x/deployments/web/scale"
        let info = RequestInfo(
            method: "PUT", path: path, segments: path.split(separator: "/").map(String.init))
        #expect(
            policy.decision(UserInfo(name: "a"), info).omittedStages == [.requestReceived, .responseStarted])
    }

    @Test(arguments: [
        "kind: Policy\napiVersion: audit.k8s.io/v1beta1\nrules: [{level: None}]",
        "kind: Policy\napiVersion: audit.k8s.io/v1\nrules: []",
        "kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: Loud}]",
        "kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: None, namespaces: [a], nonResourceURLs: [/x]}]",
        "kind: Other\napiVersion: audit.k8s.io/v1", "[",
    ])
    func refused(text: String) {
        #expect(throws: (any Error).self) { try AuditPolicy(parsing: text) }
    }
}
