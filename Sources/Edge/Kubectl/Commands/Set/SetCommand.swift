internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl set`
enum SetCommand {
    static let spec = CommandSpec(
        "set", "Set specific features on objects", usage: "SUBCOMMAND",
        subcommands: [
            SetEnv.spec, SetImage.spec, SetResources.spec, selector, serviceAccount, subject,
        ])

    static let flags: [FlagSpec] =
        FlagSets.filename + FlagSets.output + [
            FlagSets.all("Take all objects of the types in the namespace."), FlagSets.dryRun, FlagSets.local,
            FlagSets.selector, FlagSets.fieldManager("kubectl-set"), FlagSets.record,
        ]

    /// Changes each object that the arguments name, and sends what differs.
    static func update(
        _ call: Invocation, resources: [String], done: String,
        _ change: (inout APIObject, ResourceInfo) throws -> Void
    ) async throws {
        let dryRun = try DryRun(call)
        let isLocal = call.flags.bool("local")
        var query = ResourceQuery(call, arguments: resources)
        query.typeAloneMeansAll = false
        let infos =
            isLocal
            ? try await query.manifests(call.session) : try await query.fetchAll(call.session)
        var printer = try ChangePrinter(call, dryRun)
        try await forEachCollectingErrors(infos) { info in
            var object = info.content
            try change(&object, info)
            let (kind, patch) = LocalPatch.difference(from: info.content.value, to: object.value)
            var changed = info
            changed.object = object
            if isLocal || dryRun == .client {
                if isLocal || !patch.isEmpty { try printer.show(changed, done) }
                return
            }
            // Nothing to do, nothing to say.
            guard !patch.isEmpty else { return }
            let answer = try await call.session.resources()
                .patch(info, kind, .object(patch), options: try call.writeOptions(dryRun))
            try printer.show(info.refreshed(answer), done)
        }
    }

    /// Where the pod spec of an object lies.
    static func podSpecPath(_ object: APIObject) throws -> [String] {
        switch object.kind {
        case "Pod": return ["spec"]
        case "CronJob": return ["spec", "jobTemplate", "spec", "template", "spec"]
        case "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "ReplicationController":
            return ["spec", "template", "spec"]
        default:
            throw KubectlError("the object is not a pod or does not have a pod template: \(object.kind)")
        }
    }

    static func podSpec(_ object: APIObject) throws -> JSONValue {
        var value: JSONValue? = object.value
        for key in try podSpecPath(object) { value = value?[key] }
        return value ?? [:]
    }

    static func setPodSpec(_ spec: JSONValue, in object: inout APIObject) throws {
        var value = object.value
        value.replace(at: try podSpecPath(object)[...], with: spec)
        if let changed = APIObject(value) { object = changed }
    }

    // MARK: Small ones

    private static let serviceAccount = CommandSpec(
        "serviceaccount", aliases: ["sa"], "Update the service account of a resource",
        usage: "(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
        examples: ["kubectl set serviceaccount deployment web my-account"], flags: flags,
        run: { call in
            guard let account = call.arguments.last, call.arguments.count > 1 || call.flags.isSet("filename")
            else { throw KubectlError("serviceaccount is required") }
            try await update(
                call, resources: Array(call.arguments.dropLast()), done: "serviceaccount updated"
            ) { object, _ in
                var spec = try podSpec(object)
                spec["serviceAccountName"] = .string(account)
                if spec["serviceAccount"] != nil { spec["serviceAccount"] = .string(account) }
                try setPodSpec(spec, in: &object)
            }
        })

    private static let selector = CommandSpec(
        "selector", "Set the selector on a resource", usage: "(-f FILENAME | TYPE NAME) EXPRESSIONS",
        examples: ["kubectl set selector service web app=web,tier=front"], flags: flags,
        run: { call in
            let resources = call.arguments.filter { !$0.contains("=") }
            guard let text = call.arguments.last, text.contains("=") else {
                throw KubectlError("one or more selectors must be specified")
            }
            try await update(call, resources: resources, done: "selector updated") { object, _ in
                guard object.kind == "Service" else {
                    throw KubectlError("setting a selector is only supported for Services")
                }
                let labels = try LabelSelectorText.object(text)
                guard labels["matchExpressions"] == nil else {
                    throw KubectlError("a Service's selector knows only equality")
                }
                object[path: "spec", "selector"] = labels["matchLabels"]
            }
        })

    private static let subject = CommandSpec(
        "subject", "Update the user, group, or service account in a role binding or cluster role binding",
        usage:
            "(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:name]",
        examples: ["kubectl set subject clusterrolebinding admin --user=user1"],
        flags: flags + [
            FlagSpec("user", nil, .stringArray, "Users to add."),
            FlagSpec("group", nil, .stringArray, "Groups to add."),
            FlagSpec("serviceaccount", nil, .stringArray, "Service accounts to add: <namespace>:<name>."),
        ],
        run: { call in
            try await update(call, resources: call.arguments, done: "subjects updated") { object, _ in
                var subjects = object["subjects"]?.array ?? []
                for (flag, kind) in [("user", "User"), ("group", "Group")] {
                    for name in call.flags.strings(flag) {
                        let subject: JSONValue = [
                            "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind),
                            "name": .string(name),
                        ]
                        if !subjects.contains(subject) { subjects.append(subject) }
                    }
                }
                for account in call.flags.strings("serviceaccount") {
                    guard let (namespace, name) = account.split(atFirst: ":") else {
                        throw KubectlError("serviceaccount must be <namespace>:<name>")
                    }
                    let subject: JSONValue = [
                        "kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace),
                    ]
                    if !subjects.contains(subject) { subjects.append(subject) }
                }
                object["subjects"] = .array(subjects)
            }
        })
}
