import EdgeAPI
import EdgeClient
import EdgeJSON
import EdgeStorage
import Testing

@testable import EdgeAPIServer

@Suite struct RBACAuthorizerTests {
    private static let reader: JSONValue = [
        "metadata": ["name": "reader"],
        "rules": [["verbs": ["get"], "apiGroups": [""], "resources": ["pods"]]],
    ]

    private static func binding(_ subject: JSONValue) -> JSONValue {
        [
            "metadata": ["name": "readers"], "subjects": [subject],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"],
        ]
    }

    private static func request(_ user: UserInfo, _ verb: String = "get", in namespace: String = "d")
        -> AccessRequest
    {
        AccessRequest(
            user: user, verb: verb,
            target: .resource(
                group: "", resource: "pods", subresource: "", namespace: namespace, name: "p"))
    }

    /// What is remembered for a user ends with the next acknowledged write to a role or binding.
    @Test func answersFollowTheirRolesAtOnce() async throws {
        let test = try await TestRegistry()
        let authorizer = RBACAuthorizer(store: test.registry.store)
        let amy = UserInfo(name: "amy", groups: ["system:authenticated"])
        #expect(!authorizer.authorize(Self.request(amy)).isAllowed)
        _ = try await test.create("clusterroles.rbac.authorization.k8s.io", Self.reader)
        #expect(!authorizer.authorize(Self.request(amy)).isAllowed)
        _ = try await test.create(
            "clusterrolebindings.rbac.authorization.k8s.io", Self.binding(["kind": "User", "name": "amy"]))
        #expect(
            authorizer.authorize(Self.request(amy))
                == .allowed(
                    reason:
                        "RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\" to \"amy\""
                ))
        #expect(!authorizer.authorize(Self.request(amy, "delete")).isAllowed)
        let roles = try test.resource("clusterroles.rbac.authorization.k8s.io")
        _ = try await test.registry.delete(
            roles, namespace: "", name: "reader", options: .init(), test.context)
        #expect(!authorizer.authorize(Self.request(amy)).isAllowed)
    }

    @Test func groupsOfOneNameAreToldApart() async throws {
        let test = try await TestRegistry()
        let authorizer = RBACAuthorizer(store: test.registry.store)
        _ = try await test.create("clusterroles.rbac.authorization.k8s.io", Self.reader)
        _ = try await test.create(
            "rolebindings.rbac.authorization.k8s.io", Self.binding(["kind": "Group", "name": "team"]))
        let member = UserInfo(name: "amy", groups: ["team"])
        let stranger = UserInfo(name: "amy", groups: ["other"])
        for _ in 0..<2 {
            #expect(authorizer.authorize(Self.request(member)).isAllowed)
            #expect(!authorizer.authorize(Self.request(stranger)).isAllowed)
            #expect(!authorizer.authorize(Self.request(member, in: "elsewhere")).isAllowed)
        }
    }
}
