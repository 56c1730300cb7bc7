internal import EdgeAPI
public import EdgeBase
internal import EdgeClient
public import EdgeJSON
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

    /// The `kubernetes` Service and its endpoints in `default`: how pods reach this server. Called at start
    /// and when the address changes.
    public func publishService(addresses: [IPAddress], port: Int) async throws {
        var service = APIObject(apiVersion: "v1", kind: "Service", namespace: "default", name: "kubernetes")
        service.metadata["labels"] = ["component": "apiserver", "provider": "kubernetes"]
        service["spec"] = [
            "type": "ClusterIP", "sessionAffinity": "None",
            "clusterIP": .string(configuration.serviceCIDRs.first?.address(at: 1)?.description ?? ""),
            "ports": [["name": "https", "protocol": "TCP", "port": 443, "targetPort": .int(Int64(port))]],
        ]
        try await ensure("services", service)
        // An endpoint on loopback would lead every pod to itself: a host without another address has none.
        let addresses = addresses.filter { !$0.isLoopback }
        guard !addresses.isEmpty else { return }
        var endpoints = APIObject(
            apiVersion: "v1", kind: "Endpoints", namespace: "default", name: "kubernetes")
        endpoints.metadata["labels"] = ["endpointslice.kubernetes.io/skip-mirror": "true"]
        endpoints["subsets"] = [
            [
                "addresses": .array(addresses.map { ["ip": .string($0.description)] }),
                "ports": [["name": "https", "port": .int(Int64(port)), "protocol": "TCP"]],
            ]
        ]
        try await put("endpoints", endpoints)
        var slice = APIObject(
            apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: "default", name: "kubernetes"
        )
        slice.metadata["labels"] = ["kubernetes.io/service-name": "kubernetes"]
        slice["addressType"] = addresses.first?.isIPv4 ?? true ? "IPv4" : "IPv6"
        slice["endpoints"] = [
            ["addresses": .array(addresses.map { .string($0.description) }), "conditions": ["ready": true]]
        ]
        slice["ports"] = [["name": "https", "port": .int(Int64(port)), "protocol": "TCP"]]
        try await put("endpointslices.discovery.k8s.io", slice)
    }

    /// What nodes have to know of their cluster: `kube-system/edge-cluster`, which they may read.
    public static let clusterConfigMap = "edge-cluster"

    /// Publishes it. Called at start: the flags of this start count.
    public func publishCluster(_ data: JSONObject) async throws {
        var map = APIObject(
            apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: Self.clusterConfigMap)
        map["data"] = .object(data)
        try await put("configmaps", map)
    }

    private var client: InProcessClient { InProcessClient(server: self, user: .apiServer) }

    private func ensure(_ resource: String, _ object: APIObject) async throws {
        let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
        if store.get(key) == nil { _ = try await client.create(resource, object) }
    }

    /// Creates the object, or makes the present one alike; its other metadata stays.
    private func put(_ resource: String, _ object: APIObject) async throws {
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
