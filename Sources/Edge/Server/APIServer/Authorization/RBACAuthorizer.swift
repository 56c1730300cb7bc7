internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
public import EdgeStorage
internal import Synchronization

/// Role-based access control. Roles and bindings are compiled into tables by subject when they change, so a
/// question costs a few look-ups.
public final class RBACAuthorizer: Authorizer {
    static let resources = [
        "roles", "clusterroles", "rolebindings", "clusterrolebindings",
    ].map { "\($0).rbac.authorization.k8s.io" }

    private struct Grant: Sendable {
        /// Empty for a ClusterRoleBinding.
        let namespace: String
        let bindingName: String
        let roleDescription: String
        let rules: [PolicyRule]
    }

    private struct Tables: Sendable {
        var revision: [UInt64] = []
        /// Keyed by `User/<name>` and `Group/<name>`.
        var grants: [String: [Grant]] = [:]
    }

    private let store: ObjectStore
    private let tables = Mutex(Tables())

    public init(store: ObjectStore) {
        self.store = store
    }

    public func authorize(_ request: AccessRequest) -> AccessDecision {
        let namespace =
            if case .resource(_, _, _, let namespace, _) = request.target { namespace } else { "" }
        for grant in grants(to: request.user) where grant.namespace.isEmpty || grant.namespace == namespace {
            if grant.rules.contains(where: { $0.allows(request.verb, request.target) }) {
                return .allowed(reason: Self.reason(grant, request.user))
            }
        }
        return .denied(reason: "")
    }

    /// The rules that hold for a user in a namespace, for SelfSubjectRulesReview.
    func rules(for user: UserInfo, namespace: String) -> [PolicyRule] {
        grants(to: user).filter { $0.namespace.isEmpty || $0.namespace == namespace }.flatMap(\.rules)
    }

    private func grants(to user: UserInfo) -> [Grant] {
        let grants = currentGrants()
        return (grants["User/\(user.name)"] ?? []) + user.groups.flatMap { grants["Group/\($0)"] ?? [] }
    }

    private static func reason(_ grant: Grant, _ user: UserInfo) -> String {
        let kind = grant.namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        let name = grant.namespace.isEmpty ? grant.bindingName : "\(grant.bindingName)/\(grant.namespace)"
        return "RBAC: allowed by \(kind) \"\(name)\" of \(grant.roleDescription) to \"\(user.name)\""
    }

    /// The tables, compiled again when one of the four resources has changed since.
    private func currentGrants() -> [String: [Grant]] {
        let revision = Self.resources.map { store.revision(of: $0) }
        return tables.withLock { tables in
            if tables.revision != revision {
                tables = Tables(revision: revision, grants: compile())
            }
            return tables.grants
        }
    }

    private func compile() -> [String: [Grant]] {
        var grants: [String: [Grant]] = [:]
        for binding in objects("clusterrolebindings") + objects("rolebindings") {
            guard let role = role(of: binding) else { continue }
            let grant = Grant(
                namespace: binding.namespace, bindingName: binding.name,
                roleDescription: "\(role.kind) \"\(role.name)\"",
                rules: (role["rules"]?.array ?? []).map(PolicyRule.init))
            for subject in binding["subjects"]?.array ?? [] {
                if let key = Self.key(subject, in: binding.namespace) {
                    grants[key, default: []].append(grant)
                }
            }
        }
        return grants
    }

    private static func key(_ subject: JSONValue, in namespace: String) -> String? {
        guard let name = subject["name"]?.string else { return nil }
        switch subject["kind"]?.string {
        case "User": return "User/\(name)"
        case "Group": return "Group/\(name)"
        case "ServiceAccount":
            return "User/system:serviceaccount:\(subject["namespace"]?.string ?? namespace):\(name)"
        default: return nil
        }
    }

    private func role(of binding: APIObject) -> APIObject? {
        let name = binding[path: "roleRef", "name"]?.string ?? ""
        let key =
            binding[path: "roleRef", "kind"]?.string == "Role"
            ? ObjectKey(resource: "roles.rbac.authorization.k8s.io", namespace: binding.namespace, name: name)
            : ObjectKey(resource: "clusterroles.rbac.authorization.k8s.io", name: name)
        return store.get(key).flatMap { try? APIObject(decoding: $0) }
    }

    private func objects(_ resource: String) -> [APIObject] {
        store.list("\(resource).rbac.authorization.k8s.io").objects.compactMap {
            try? APIObject(decoding: $0)
        }
    }
}
