internal import EdgeAPI
internal import EdgeJSON

/// The roles that a cluster begins with, under Kubernetes' names.
enum BootstrapRoles {
    static var clusterRoles: [APIObject] {
        userRoles + componentRoles
            + ControllerRoles.all.map { clusterRole("system:controller:\($0.name)", $0.rules) }
    }

    static var clusterRoleBindings: [APIObject] {
        [
            binding("cluster-admin", role: "cluster-admin", group(UserInfo.Group.masters)),
            binding("system:discovery", role: "system:discovery", group(UserInfo.Group.authenticated)),
            binding("system:basic-user", role: "system:basic-user", group(UserInfo.Group.authenticated)),
            binding(
                "system:public-info-viewer", role: "system:public-info-viewer",
                group(UserInfo.Group.authenticated), group(UserInfo.Group.unauthenticated)),
            binding("system:kube-scheduler", role: "system:kube-scheduler", account("scheduler")),
            binding(
                "edge:node-bootstrapper", role: "system:node-bootstrapper",
                group(UserInfo.Group.bootstrappers)),
            binding("edge:node-tunnel", role: "edge:node-tunnel", group(UserInfo.Group.nodes)),
            binding("edge:node-network", role: "edge:node-network", group("system:edge-network")),
            binding(
                "system:service-account-issuer-discovery", role: "system:service-account-issuer-discovery",
                group(UserInfo.Group.serviceAccounts)),
        ]
            + ControllerRoles.all.map {
                binding(
                    "system:controller:\($0.name)", role: "system:controller:\($0.name)", account($0.name))
            }
    }

    static var roles: [APIObject] {
        [
            role(
                "kube-system", "extension-apiserver-authentication-reader",
                [
                    rule(
                        ["get", "list", "watch"], [""], ["configmaps"],
                        names: ["extension-apiserver-authentication"])
                ]),
            role(
                "kube-system", "edge:cluster-reader",
                [rule(["get"], [""], ["configmaps"], names: [APIServer.clusterConfigMap])]),
        ]
    }

    static var roleBindings: [APIObject] {
        var binding = system("RoleBinding", namespace: "kube-system", "edge:cluster-reader")
        binding["roleRef"] = [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "edge:cluster-reader",
        ]
        binding["subjects"] = [group(UserInfo.Group.nodes)]
        return [binding]
    }

    // MARK: Roles for users

    private static var userRoles: [APIObject] {
        [
            clusterRole("cluster-admin", [PolicyRule.everything, PolicyRule.everyPath]),
            aggregated("admin", labels: []),
            aggregated("edit", labels: ["admin"]),
            aggregated("view", labels: ["edit"]),
            clusterRole("system:aggregate-to-admin", adminRules, aggregates: "admin"),
            clusterRole("system:aggregate-to-edit", editRules, aggregates: "edit"),
            clusterRole("system:aggregate-to-view", viewRules, aggregates: "view"),
            clusterRole(
                "system:discovery",
                [
                    paths(
                        ["get"],
                        [
                            "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi",
                            "/openapi/*", "/readyz", "/version", "/version/",
                        ])
                ]),
            clusterRole(
                "system:basic-user",
                [
                    rule(
                        ["create"], ["authorization.k8s.io"],
                        ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
                    rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"]),
                ]),
            clusterRole(
                "system:public-info-viewer",
                [paths(["get"], ["/healthz", "/livez", "/readyz", "/version", "/version/"])]),
            clusterRole(
                "system:service-account-issuer-discovery",
                [
                    paths(
                        ["get"],
                        [
                            "/.well-known/openid-configuration", "/.well-known/openid-configuration/",
                            "/openid/v1/jwks", "/openid/v1/jwks/",
                        ])
                ]),
            clusterRole(
                "system:monitoring",
                [
                    paths(
                        ["get"],
                        [
                            "/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/slis",
                            "/readyz", "/readyz/*",
                        ])
                ]),
            clusterRole(
                "system:auth-delegator",
                [
                    rule(["create"], ["authentication.k8s.io"], ["tokenreviews"]),
                    rule(["create"], ["authorization.k8s.io"], ["subjectaccessreviews"]),
                ]),
        ]
    }

    private static let read = ["get", "list", "watch"]
    private static let write = ["create", "delete", "deletecollection", "patch", "update"]

    private static let coreObjects = [
        "configmaps", "endpoints", "persistentvolumeclaims", "pods", "replicationcontrollers",
        "replicationcontrollers/scale", "serviceaccounts", "services",
    ]
    private static let appObjects = [
        "daemonsets", "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets",
        "statefulsets/scale",
    ]

    private static var viewRules: [PolicyRule] {
        [
            rule(
                read, [""],
                coreObjects + [
                    "bindings", "events", "limitranges", "namespaces", "namespaces/status",
                    "persistentvolumeclaims/status",
                    "pods/log", "pods/status", "replicationcontrollers/status", "resourcequotas",
                    "resourcequotas/status",
                    "services/status",
                ]),
            rule(read, ["discovery.k8s.io"], ["endpointslices"]),
            rule(
                read, ["apps"],
                appObjects + [
                    "controllerrevisions", "daemonsets/status", "deployments/status", "replicasets/status",
                    "statefulsets/status",
                ]),
            rule(read, ["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]),
            rule(read, ["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]),
            rule(read, ["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"]),
            rule(read, ["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"]),
        ]
    }

    private static var editRules: [PolicyRule] {
        [
            rule(
                read, [""],
                ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]),
            rule(["impersonate"], [""], ["serviceaccounts"]),
            rule(
                write, [""],
                coreObjects + [
                    "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy",
                ]),
            rule(["create"], [""], ["pods/eviction", "serviceaccounts/token"]),
            rule(write, ["apps"], appObjects + ["deployments/rollback"]),
            rule(write, ["autoscaling"], ["horizontalpodautoscalers"]),
            rule(write, ["batch"], ["cronjobs", "jobs"]),
            rule(write, ["policy"], ["poddisruptionbudgets"]),
            rule(write, ["networking.k8s.io"], ["ingresses", "networkpolicies"]),
            rule(write + read, ["coordination.k8s.io"], ["leases"]),
        ]
    }

    private static var adminRules: [PolicyRule] {
        [
            rule(["create"], ["authorization.k8s.io"], ["localsubjectaccessreviews"]),
            rule(read + write, ["rbac.authorization.k8s.io"], ["rolebindings", "roles"]),
        ]
    }

    // MARK: Roles for components

    private static var componentRoles: [APIObject] {
        [
            clusterRole(
                "system:node-bootstrapper",
                [
                    rule(
                        ["create", "get", "list", "watch"], ["certificates.k8s.io"],
                        ["certificatesigningrequests"])
                ]),
            clusterRole("edge:node-tunnel", [paths(["get"], [NodeTunnelPath.path])]),
            // Proxy, policy and DNS of a node: addresses, no secrets.
            clusterRole(
                "edge:node-network",
                [
                    rule(read, [""], ["services", "nodes", "namespaces", "pods", "endpoints"]),
                    rule(read, ["discovery.k8s.io"], ["endpointslices"]),
                    rule(read, ["networking.k8s.io"], ["networkpolicies"]),
                    rule(["create", "update", "patch"], ["", "events.k8s.io"], ["events"]),
                ]),
            clusterRole(
                "system:kube-scheduler",
                [
                    rule(["create", "patch", "update"], ["", "events.k8s.io"], ["events"]),
                    rule(
                        read, [""],
                        [
                            "nodes", "namespaces", "persistentvolumeclaims", "persistentvolumes",
                            "replicationcontrollers", "services",
                        ]),
                    rule(read + ["delete"], [""], ["pods"]),
                    rule(["create"], [""], ["bindings", "pods/binding"]),
                    rule(["patch", "update"], [""], ["pods/status"]),
                    rule(read, ["apps"], ["replicasets", "statefulsets"]),
                    rule(read, ["policy"], ["poddisruptionbudgets"]),
                    rule(
                        read, ["storage.k8s.io"],
                        ["csidrivers", "csinodes", "csistoragecapacities", "storageclasses"]),
                ]),
        ]
    }

    // MARK: Building

    static func rule(
        _ verbs: [String], _ groups: [String], _ resources: [String], names: [String] = []
    ) -> PolicyRule {
        var rule = PolicyRule([:])
        rule.verbs = verbs
        rule.groups = groups
        rule.resources = resources
        rule.resourceNames = names
        return rule
    }

    private static func paths(_ verbs: [String], _ paths: [String]) -> PolicyRule {
        var rule = PolicyRule([:])
        rule.verbs = verbs
        rule.paths = paths
        return rule
    }

    private static func system(_ kind: String, namespace: String = "", _ name: String) -> APIObject {
        var object = APIObject(
            apiVersion: "rbac.authorization.k8s.io/v1", kind: kind, namespace: namespace, name: name)
        object[label: "kubernetes.io/bootstrapping"] = "rbac-defaults"
        object[annotation: "rbac.authorization.kubernetes.io/autoupdate"] = "true"
        return object
    }

    private static func clusterRole(
        _ name: String, _ rules: [PolicyRule], aggregates: String? = nil
    ) -> APIObject {
        var role = system("ClusterRole", name)
        if let aggregates { role[label: "rbac.authorization.k8s.io/aggregate-to-\(aggregates)"] = "true" }
        role["rules"] = .array(rules.map(\.value))
        return role
    }

    /// A role that is made of all that are labelled for it, and belongs to others itself.
    private static func aggregated(_ name: String, labels: [String]) -> APIObject {
        let prefix = "rbac.authorization.k8s.io/aggregate-to-"
        var role = system("ClusterRole", name)
        for label in labels { role[label: prefix + label] = "true" }
        role["aggregationRule"] = [
            "clusterRoleSelectors": [["matchLabels": .object([prefix + name: "true"])]]
        ]
        return role
    }

    private static func role(_ namespace: String, _ name: String, _ rules: [PolicyRule]) -> APIObject {
        var role = system("Role", namespace: namespace, name)
        role["rules"] = .array(rules.map(\.value))
        return role
    }

    private static func binding(_ name: String, role: String, _ subjects: JSONValue...) -> APIObject {
        var binding = system("ClusterRoleBinding", name)
        binding["roleRef"] = [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role),
        ]
        binding["subjects"] = .array(subjects)
        return binding
    }

    private static func group(_ name: String) -> JSONValue {
        ["kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": .string(name)]
    }

    /// A component's ServiceAccount in kube-system.
    private static func account(_ name: String) -> JSONValue {
        ["kind": "ServiceAccount", "name": .string(name), "namespace": "kube-system"]
    }
}
