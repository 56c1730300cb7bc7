internal import EdgeAPI
internal import EdgeJSON

/// The FlowSchemas and PriorityLevelConfigurations that every cluster has, with Kubernetes' names and figures.
enum FairnessObjects {
    static let schemas = "flowschemas.flowcontrol.apiserver.k8s.io"
    static let levels = "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"
    private static let version = "flowcontrol.apiserver.k8s.io/v1"

    // MARK: Levels

    static let bootstrapLevels: [APIObject] = [
        exempt(), level("system", shares: 30, lendable: 33, queues: 64, hand: 6),
        level("node-high", shares: 40, lendable: 25, queues: 64, hand: 6),
        level("leader-election", shares: 10, lendable: 0, queues: 16, hand: 4),
        level("workload-high", shares: 40, lendable: 50, queues: 128, hand: 6),
        level("workload-low", shares: 100, lendable: 90, queues: 128, hand: 6),
        level("global-default", shares: 20, lendable: 50, queues: 128, hand: 6), catchAll(),
    ]

    private static func object(_ kind: String, _ name: String, _ spec: JSONValue) -> APIObject {
        var object = APIObject(apiVersion: version, kind: kind, name: name)
        object[annotation: "apf.kubernetes.io/autoupdate-spec"] = "true"
        object["spec"] = spec
        return object
    }

    private static func exempt() -> APIObject {
        object(
            "PriorityLevelConfiguration", "exempt",
            ["type": "Exempt", "exempt": ["nominalConcurrencyShares": 0, "lendablePercent": 0]])
    }

    private static func level(
        _ name: String, shares: Int64, lendable: Int64, queues: Int64, hand: Int64
    ) -> APIObject {
        object(
            "PriorityLevelConfiguration", name,
            [
                "type": "Limited",
                "limited": [
                    "nominalConcurrencyShares": .int(shares), "lendablePercent": .int(lendable),
                    "limitResponse": [
                        "type": "Queue",
                        "queuing": ["queues": .int(queues), "handSize": .int(hand), "queueLengthLimit": 50],
                    ],
                ],
            ])
    }

    private static func catchAll() -> APIObject {
        object(
            "PriorityLevelConfiguration", "catch-all",
            [
                "type": "Limited",
                "limited": [
                    "nominalConcurrencyShares": 5, "lendablePercent": 0, "limitResponse": ["type": "Reject"],
                ],
            ])
    }

    // MARK: Schemas

    private struct Rule {
        var subjects: [JSONValue]
        /// Nil for all resources and paths.
        var resources: [JSONValue]?
        var paths: [String]?
    }

    static let bootstrapSchemas: [APIObject] = [
        schema("exempt", 1, "exempt", nil, [Rule(subjects: [group("system:masters")])]),
        schema(
            "probes", 2, "exempt", nil,
            [
                Rule(
                    subjects: [group("system:unauthenticated"), group("system:authenticated")], resources: [],
                    paths: ["/healthz", "/readyz", "/livez"])
            ]),
        schema(
            "system-leader-election", 100, "leader-election", "ByUser",
            [
                Rule(
                    subjects: [
                        user("system:kube-controller-manager"), user("system:kube-scheduler"),
                        accounts("kube-system"),
                    ],
                    resources: [resources(["get", "create", "update"], ["coordination.k8s.io"], ["leases"])],
                    paths: [])
            ]),
        schema(
            "endpoint-controller", 150, "workload-high", "ByUser",
            [
                Rule(
                    subjects: [
                        user("system:kube-controller-manager"), account("kube-system", "endpoint-controller"),
                        account("kube-system", "endpointslicemirroring-controller"),
                    ], resources: [resources(["get", "create", "update"], [""], ["endpoints"])], paths: [])
            ]),
        schema(
            "workload-leader-election", 200, "leader-election", "ByUser",
            [
                Rule(
                    subjects: [accounts("kube-system")],
                    resources: [resources(["get", "create", "update"], ["coordination.k8s.io"], ["leases"])],
                    paths: [])
            ]),
        schema(
            "system-node-high", 400, "node-high", "ByUser",
            [
                Rule(
                    subjects: [group("system:nodes")],
                    resources: [
                        resources(["*"], [""], ["nodes", "nodes/status"], inCluster: true),
                        resources(["*"], ["coordination.k8s.io"], ["leases"]),
                    ], paths: [])
            ]),
        schema("system-nodes", 500, "system", "ByUser", [Rule(subjects: [group("system:nodes")])]),
        schema(
            "kube-controller-manager", 800, "workload-high", "ByNamespace",
            [Rule(subjects: [user("system:kube-controller-manager")])]),
        schema(
            "kube-scheduler", 800, "workload-high", "ByNamespace",
            [Rule(subjects: [user("system:kube-scheduler")])]),
        schema(
            "kube-system-service-accounts", 900, "workload-high", "ByNamespace",
            [Rule(subjects: [accounts("kube-system")])]),
        schema(
            "service-accounts", 9000, "workload-low", "ByUser",
            [Rule(subjects: [group("system:serviceaccounts")])]),
        schema("global-default", 9900, "global-default", "ByUser", [Rule(subjects: everybody)]),
        schema("catch-all", 10000, "catch-all", "ByUser", [Rule(subjects: everybody)]),
    ]

    private static let everybody = [group("system:unauthenticated"), group("system:authenticated")]

    private static func schema(
        _ name: String, _ precedence: Int64, _ level: String, _ distinguisher: String?, _ rules: [Rule]
    ) -> APIObject {
        var spec: JSONObject = [
            "priorityLevelConfiguration": ["name": .string(level)], "matchingPrecedence": .int(precedence),
        ]
        if let distinguisher { spec["distinguisherMethod"] = ["type": .string(distinguisher)] }
        spec["rules"] = .array(rules.map(value))
        return object("FlowSchema", name, .object(spec))
    }

    private static func value(_ rule: Rule) -> JSONValue {
        var value: JSONObject = ["subjects": .array(rule.subjects)]
        let resources = rule.resources ?? [resources(["*"], ["*"], ["*"], inCluster: true)]
        if !resources.isEmpty { value["resourceRules"] = .array(resources) }
        let paths = rule.paths ?? ["*"]
        if !paths.isEmpty {
            let verbs: JSONValue = rule.resources == nil ? ["*"] : ["get"]
            value["nonResourceRules"] = [
                ["verbs": verbs, "nonResourceURLs": .array(paths.map(JSONValue.string))]
            ]
        }
        return .object(value)
    }

    private static func resources(
        _ verbs: [String], _ groups: [String], _ names: [String], inCluster: Bool = false
    ) -> JSONValue {
        var rule: JSONObject = [
            "verbs": .array(verbs.map(JSONValue.string)), "apiGroups": .array(groups.map(JSONValue.string)),
            "resources": .array(names.map(JSONValue.string)),
        ]
        if inCluster { rule["clusterScope"] = true }
        rule["namespaces"] = ["*"]
        return .object(rule)
    }

    private static func group(_ name: String) -> JSONValue {
        ["kind": "Group", "group": ["name": .string(name)]]
    }

    private static func user(_ name: String) -> JSONValue {
        ["kind": "User", "user": ["name": .string(name)]]
    }

    private static func accounts(_ namespace: String) -> JSONValue { account(namespace, "*") }

    private static func account(_ namespace: String, _ name: String) -> JSONValue {
        [
            "kind": "ServiceAccount",
            "serviceAccount": ["namespace": .string(namespace), "name": .string(name)],
        ]
    }
}
