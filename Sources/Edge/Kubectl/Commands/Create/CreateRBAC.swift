internal import EdgeClient
internal import EdgeJSON

/// Generators of roles and their bindings.
enum CreateRBAC {
    private static let ruleFlags: [FlagSpec] = [
        FlagSpec("verb", nil, .strings, "Verbs that the rules allow."),
        FlagSpec("resource", nil, .strings, "Resources: pods, deployments.apps, pods/log."),
        FlagSpec("resource-name", nil, .stringArray, "Names of the only objects that the rules cover."),
    ]

    static let role = Generator.spec(
        "role", "Create a role with single rule",
        usage: "NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename]",
        examples: ["kubectl create role pod-reader --verb=get --verb=list --resource=pods"], flags: ruleFlags
    ) { call, name in
        guard !call.flags.strings("resource").isEmpty else {
            throw KubectlError("at least one resource must be specified")
        }
        return try await role("Role", name, call)
    }

    static let clusterRole = Generator.spec(
        "clusterrole", "Create a cluster role",
        usage: "NAME --verb=verb --resource=resource.group [--resource-name=resourcename]",
        examples: ["kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods"],
        flags: ruleFlags + [
            FlagSpec("non-resource-url", nil, .strings, "Paths that the rules allow."),
            FlagSpec("aggregation-rule", nil, .strings, "Labels of the roles that make up this one: k=v."),
        ]
    ) { call, name in
        let aggregation = call.flags.strings("aggregation-rule")
        guard !aggregation.isEmpty else {
            guard
                !call.flags.strings("resource").isEmpty || !call.flags.strings("non-resource-url").isEmpty
            else { throw KubectlError("at least one resource or non-resource-url must be specified") }
            return try await role("ClusterRole", name, call)
        }
        var value = JSONValue.object("rbac.authorization.k8s.io/v1", "ClusterRole", name: name)
        let labels = aggregation.compactMap { $0.split(atFirst: "=") }
        value["aggregationRule"] = [
            "clusterRoleSelectors": [
                ["matchLabels": .object(JSONObject(labels.map { ($0.0, .string($0.1)) }))]
            ]
        ]
        value["rules"] = []
        return value
    }

    private static func role(_ kind: String, _ name: String, _ call: Invocation) async throws -> JSONValue {
        var verbs: [String] = []
        for verb in call.flags.strings("verb") where !verbs.contains(verb) { verbs.append(verb) }
        guard !verbs.isEmpty else { throw KubectlError("at least one verb must be specified") }
        if verbs.contains("*") { verbs = ["*"] }
        var value = JSONValue.object("rbac.authorization.k8s.io/v1", kind, name: name)
        var rules: [JSONValue] = []
        for (group, resources) in try await groups(call) {
            var rule: JSONValue = [
                "apiGroups": [.string(group)], "resources": .strings(resources), "verbs": .strings(verbs),
            ]
            let names = call.flags.strings("resource-name")
            if !names.isEmpty { rule["resourceNames"] = .strings(names) }
            rules.append(rule)
        }
        let paths = call.flags.strings("non-resource-url")
        if !paths.isEmpty {
            rules.append(["nonResourceURLs": .strings(paths), "verbs": .strings(verbs)])
        }
        value["rules"] = .array(rules)
        return value
    }

    /// The resources by their groups, the groups in order.
    private static func groups(_ call: Invocation) async throws -> [(group: String, resources: [String])] {
        var groups: [(group: String, resources: [String])] = []
        func add(_ group: String, _ resource: String) {
            if let index = groups.firstIndex(where: { $0.group == group }) {
                if !groups[index].resources.contains(resource) { groups[index].resources.append(resource) }
            } else {
                groups.append((group, [resource]))
            }
        }
        for text in call.flags.strings("resource") {
            if text == "*" {
                add("*", "*")
                continue
            }
            let (type, subresource) = text.split(atFirst: "/") ?? (text, "")
            let resource = try await call.session.mapper().resource(named: type)
            add(resource.group, subresource.isEmpty ? resource.name : "\(resource.name)/\(subresource)")
        }
        return groups.sorted { $0.group < $1.group }
    }

    // MARK: Bindings

    private static let subjectFlags: [FlagSpec] = [
        FlagSpec("user", nil, .stringArray, "Users to bind."),
        FlagSpec("group", nil, .stringArray, "Groups to bind."),
        FlagSpec("serviceaccount", nil, .stringArray, "Service accounts to bind: <namespace>:<name>."),
    ]

    static let roleBinding = Generator.spec(
        "rolebinding", "Create a role binding for a particular role or cluster role",
        usage: "NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname]",
        examples: ["kubectl create rolebinding admin --clusterrole=admin --user=user1"],
        flags: subjectFlags + [
            FlagSpec("clusterrole", nil, .string, "ClusterRole to bind."),
            FlagSpec("role", nil, .string, "Role to bind."),
        ]
    ) { call, name in
        let (cluster, role) = (call.flags.string("clusterrole"), call.flags.string("role"))
        guard cluster.isEmpty != role.isEmpty else {
            throw KubectlError("exactly one of clusterrole or role must be specified")
        }
        return try binding(
            "RoleBinding", name, role.isEmpty ? "ClusterRole" : "Role", role.isEmpty ? cluster : role, call)
    }

    static let clusterRoleBinding = Generator.spec(
        "clusterrolebinding", "Create a cluster role binding for a particular cluster role",
        usage: "NAME --clusterrole=NAME [--user=username] [--group=groupname]",
        examples: [
            "kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1"
        ],
        flags: subjectFlags + [FlagSpec("clusterrole", nil, .string, "ClusterRole to bind.")]
    ) { call, name in
        let role = call.flags.string("clusterrole")
        guard !role.isEmpty else { throw KubectlError("required flag(s) \"clusterrole\" not set") }
        return try binding("ClusterRoleBinding", name, "ClusterRole", role, call)
    }

    private static func binding(
        _ kind: String, _ name: String, _ roleKind: String, _ role: String, _ call: Invocation
    ) throws -> JSONValue {
        let group = "rbac.authorization.k8s.io"
        var subjects: [JSONValue] = []
        for (flag, kind) in [("user", "User"), ("group", "Group")] {
            for name in call.flags.strings(flag) {
                subjects.append(["apiGroup": .string(group), "kind": .string(kind), "name": .string(name)])
            }
        }
        for account in call.flags.strings("serviceaccount") {
            guard let (namespace, name) = account.split(atFirst: ":"), !namespace.isEmpty, !name.isEmpty
            else {
                throw KubectlError("serviceaccount must be <namespace>:<name>")
            }
            subjects.append([
                "kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace),
            ])
        }
        var value = JSONValue.object("\(group)/v1", kind, name: name)
        value["roleRef"] = ["apiGroup": .string(group), "kind": .string(roleKind), "name": .string(role)]
        if !subjects.isEmpty { value["subjects"] = .array(subjects) }
        return value
    }
}
