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

    /// What one user was granted, by their own name and their groups'.
    private struct Merged: Sendable {
        struct Part: Sendable {
            let namespace: String
            let reason: String
            let rules: [PolicyRule]
        }

        let groups: [String]
        let parts: [Part]
    }

    private struct Tables: Sendable {
        var version = -1
        /// Keyed by `User/<name>` and `Group/<name>`.
        var grants: [String: [Grant]] = [:]
        /// By user name; filled when somebody asks.
        var merged: [String: Merged] = [:]
    }

    /// How many users are remembered; the last ones to come are merged for each question then.
    private static let maximumUsers = 1024

    private let store: ObjectStore
    private let tables = Mutex(Tables())
    private let version = VersionCounter()
    private let subscriptions: [Subscription]

    public init(store: ObjectStore) {
        self.store = store
        subscriptions = Self.resources.compactMap { [version] resource in
            try? store.subscribe(resource, after: store.currentRevision) { version.advance() }
        }
    }

    public func authorize(_ request: AccessRequest) -> AccessDecision {
        let namespace =
            if case .resource(_, _, _, let namespace, _) = request.target { namespace } else { "" }
        for part in merged(for: request.user) where part.namespace.isEmpty || part.namespace == namespace {
            if part.rules.contains(where: { $0.allows(request.verb, request.target) }) {
                return .allowed(reason: part.reason)
            }
        }
        return .denied(reason: "")
    }

    /// The rules that hold for a user in a namespace, for SelfSubjectRulesReview.
    func rules(for user: UserInfo, namespace: String) -> [PolicyRule] {
        merged(for: user).filter { $0.namespace.isEmpty || $0.namespace == namespace }.flatMap(\.rules)
    }

    /// The user's grants; everything is compiled again once one of the four resources has changed.
    private func merged(for user: UserInfo) -> [Merged.Part] {
        let version = version.value
        return tables.withLock { tables in
            if tables.version != version {
                tables = Tables(version: version, grants: compile())
            }
            if let known = tables.merged[user.name], known.groups == user.groups { return known.parts }
            let merged = Merged(groups: user.groups, parts: Self.parts(tables.grants, user))
            if tables.merged.count < Self.maximumUsers || tables.merged[user.name] != nil {
                tables.merged[user.name] = merged
            }
            return merged.parts
        }
    }

    private static func parts(_ grants: [String: [Grant]], _ user: UserInfo) -> [Merged.Part] {
        let own = (grants["User/\(user.name)"] ?? []) + user.groups.flatMap { grants["Group/\($0)"] ?? [] }
        return own.map {
            Merged.Part(namespace: $0.namespace, reason: reason($0, user), rules: $0.rules)
        }
    }

    private static func reason(_ grant: Grant, _ user: UserInfo) -> String {
        let kind = grant.namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        let name = grant.namespace.isEmpty ? grant.bindingName : "\(grant.bindingName)/\(grant.namespace)"
        return "RBAC: allowed by \(kind) \"\(name)\" of \(grant.roleDescription) to \"\(user.name)\""
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
