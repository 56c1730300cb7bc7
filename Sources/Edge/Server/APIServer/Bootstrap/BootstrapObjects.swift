internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeStorage

extension APIServer {
    /// Makes what every cluster has: the system namespaces, the RBAC roles that Kubernetes' components and
    /// users expect, the priority classes. What is there already stays; roles are brought up to date.
    public func bootstrap() async throws {
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try await ensure("namespaces", APIObject(apiVersion: "v1", kind: "Namespace", name: name))
        }
        for role in BootstrapRoles.clusterRoles {
            try await reconcile(role, resource: "clusterroles.rbac.authorization.k8s.io")
        }
        for binding in BootstrapRoles.clusterRoleBindings {
            try await reconcile(binding, resource: "clusterrolebindings.rbac.authorization.k8s.io")
        }
        for role in BootstrapRoles.roles {
            try await reconcile(role, resource: "roles.rbac.authorization.k8s.io")
        }
        for binding in BootstrapRoles.roleBindings {
            try await reconcile(binding, resource: "rolebindings.rbac.authorization.k8s.io")
        }
        for level in FairnessObjects.bootstrapLevels { try await ensure(FairnessObjects.levels, level) }
        for schema in FairnessObjects.bootstrapSchemas { try await ensure(FairnessObjects.schemas, schema) }
        for (name, value, what) in [
            ("system-node-critical", Int64(2_000_001_000), "pods that their node cannot do without"),
            ("system-cluster-critical", Int64(2_000_000_000), "pods that the cluster cannot do without"),
        ] {
            var priority = APIObject(apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", name: name)
            priority["value"] = .int(value)
            priority["description"] = .string("For \(what).")
            try await ensure("priorityclasses.scheduling.k8s.io", priority)
        }
    }

    private var client: InProcessClient { InProcessClient(server: self, user: .apiServer) }

    func ensure(_ resource: String, _ object: APIObject) async throws {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        if store.get(key) == nil { _ = try await client.create(resource, object) }
    }

    /// Creates the object, or makes the present one alike; its other metadata stays.
    func put(_ resource: String, _ object: APIObject) async throws {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        guard let stored = store.get(key) else {
            _ = try await client.create(resource, object)
            return
        }
        var wanted = try APIObject(decoding: stored)
        for member in object.json where member.key != "metadata" { wanted[member.key] = member.value }
        for (label, value) in object.labels { wanted[label: label] = value }
        _ = try await client.update(resource, wanted)
    }

    /// A role or binding of the system, unless an administrator has taken it out of automatic updates.
    private func reconcile(_ object: APIObject, resource: String) async throws {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        if let stored = store.get(key),
            try APIObject(decoding: stored)[annotation: "rbac.authorization.kubernetes.io/autoupdate"]
                == "false"
        {
            return
        }
        try await put(resource, object)
    }
}
