internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl auth`
enum AuthCommand {
    static let spec = CommandSpec(
        "auth", "Inspect authorization", usage: "SUBCOMMAND",
        subcommands: [
            canI, whoAmI,
            CommandSpec(
                "reconcile",
                "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding",
                run: { _ in throw KubectlError.unsupported("auth reconcile (use apply)") }),
        ])

    // MARK: whoami

    private static let whoAmI = CommandSpec(
        "whoami", "Experimental: Check self subject attributes",
        flags: [FlagSpec("output", "o", .string, "json, yaml, name, jsonpath=..., custom-columns=...")],
        run: { call in
            try call.noArguments()
            let review = try await call.session.rest().json(
                "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview", "metadata": [:]])
            if let printer = try ObjectPrinter(call.flags) { return call.write(try printer.text(review)) }
            let user = review.at("status", "userInfo")
            var writer = TabWriter.forTables()
            writer.add(cells: ["ATTRIBUTE", "VALUE"])
            if let name = user?["username"]?.string, !name.isEmpty { writer.add(cells: ["Username", name]) }
            if let uid = user?["uid"]?.string, !uid.isEmpty { writer.add(cells: ["UID", uid]) }
            if let groups = user?["groups"]?.strings, !groups.isEmpty {
                writer.add(cells: ["Groups", goList(groups)])
            }
            for member in user?["extra"]?.object?.sortedMembers ?? [] {
                writer.add(cells: ["Extra: \(member.key)", goList(member.value.strings)])
            }
            call.write(writer.flush())
        })

    // MARK: can-i

    private static let canI = CommandSpec(
        "can-i", "Check whether an action is allowed",
        usage: "VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
        examples: [
            "kubectl auth can-i create pods --all-namespaces", "kubectl auth can-i --list --namespace=foo",
        ],
        flags: [
            FlagSets.allNamespaces, FlagSpec("list", nil, .bool, "Show all that is allowed."),
            FlagSpec("no-headers", nil, .bool, "With --list, print no header line."),
            FlagSpec("quiet", "q", .bool, "Print nothing; the exit code tells."),
            FlagSpec("subresource", nil, .string, "Subresource: log, status."),
        ], run: runCanI)

    private static let knownVerbs: Set<String> = [
        "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind",
        "impersonate", "*", "approve", "sign", "escalate", "attest",
    ]

    private static func runCanI(_ call: Invocation) async throws {
        let isEverywhere = call.flags.bool("all-namespaces")
        let namespace = isEverywhere ? "" : try call.session.namespace()
        if call.flags.bool("list") {
            guard call.arguments.isEmpty else {
                throw KubectlError("list option must be specified with no arguments")
            }
            guard !call.flags.bool("quiet"), !isEverywhere, call.flags.string("subresource").isEmpty else {
                throw KubectlError(
                    "list option can't be specified with neither quiet, all-namespaces nor subresource options"
                )
            }
            return try await listRules(call, namespace)
        }
        guard call.arguments.count == 2 else {
            throw KubectlError(
                "you must specify two arguments: verb resource or verb resource/resourceName.\n"
                    + "See 'kubectl auth can-i -h' for help and examples.")
        }
        if call.flags.bool("no-headers") {
            throw KubectlError("--no-headers cannot be set without --list specified")
        }
        let attributes = try await attributes(call, namespace)
        let review = try await call.session.rest().json(
            "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "metadata": [:],
                "spec": attributes,
            ])
        let isAllowed = review.at("status", "allowed")?.bool ?? false
        if !call.flags.bool("quiet") {
            var text = isAllowed ? "yes" : "no"
            if !isAllowed {
                for field in ["reason", "evaluationError"] {
                    if let reason = review.at("status", field)?.string, !reason.isEmpty {
                        text += " - \(reason)"
                    }
                }
            }
            call.line(text)
        }
        if !isAllowed { throw KubectlError.exit(1) }
    }

    private static func attributes(_ call: Invocation, _ namespace: String) async throws -> JSONValue {
        let (verb, target) = (call.arguments[0], call.arguments[1])
        if target.hasPrefix("/") {
            guard call.flags.string("subresource").isEmpty else {
                throw KubectlError("--subresource can not be used with NonResourceURL")
            }
            return ["nonResourceAttributes": ["path": .string(target), "verb": .string(verb)]]
        }
        let (type, name) = target.split(atFirst: "/") ?? (target, "")
        var attributes: JSONValue = ["verb": .string(verb)]
        if !namespace.isEmpty { attributes["namespace"] = .string(namespace) }
        if type == "*" {
            attributes["resource"] = "*"
        } else {
            do {
                let resource = try await call.session.mapper().resource(named: type)
                attributes["resource"] = .string(resource.name)
                attributes["version"] = nil
                if !resource.group.isEmpty { attributes["group"] = .string(resource.group) }
                if !resource.isNamespaced, !call.flags.bool("all-namespaces") {
                    let suffix = resource.group.isEmpty ? "" : " in group '\(resource.group)'"
                    call.warn("resource '\(resource.name)' is not namespace scoped\(suffix)\n")
                }
            } catch let error as ResourceNotFound {
                let suffix = error.group.isEmpty ? "" : " in group '\(error.group)'"
                call.warn("the server doesn't have a resource type '\(error.resource)'\(suffix)\n")
                attributes["resource"] = .string(type)
            }
        }
        if !knownVerbs.contains(verb) { call.warn("verb '\(verb)' is not a known verb\n") }
        if !name.isEmpty { attributes["name"] = .string(name) }
        let subresource = call.flags.string("subresource")
        if !subresource.isEmpty { attributes["subresource"] = .string(subresource) }
        return ["resourceAttributes": attributes]
    }

    private static func listRules(_ call: Invocation, _ namespace: String) async throws {
        let review = try await call.session.rest().json(
            "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
            [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "metadata": [:],
                "spec": ["namespace": .string(namespace)],
            ])
        let status = review["status"] ?? [:]
        if status["incomplete"]?.bool == true {
            call.warn("the list may be incomplete: \(status["evaluationError"]?.string ?? "")")
        }
        call.write(PolicyRules.table(status, showsHeaders: !call.flags.bool("no-headers")))
    }
}
