internal import EdgeJSON

/// `kubectl config set-*`, `delete-*` and `get-*`: whole entries of a kubeconfig.
enum ConfigEntries {
    private static func name(_ call: Invocation) throws(KubectlError) -> String {
        guard call.arguments.count == 1, let name = call.arguments.first else {
            throw .arguments("Unexpected args: \(goList(call.arguments))")
        }
        return name
    }

    // MARK: Listing

    static let getClusters = list("get-clusters", "Display clusters defined in the kubeconfig", .clusters)
    static let getUsers = list("get-users", "Display users defined in the kubeconfig", .users)

    private static func list(_ name: String, _ summary: String, _ section: KubeconfigFiles.Section)
        -> CommandSpec
    {
        CommandSpec(
            name, summary,
            run: { call in
                call.line("NAME")
                for name in try call.session.kubeconfig.load().names(section) { call.line(name) }
            })
    }

    // MARK: Deleting

    static let deleteCluster = delete("delete-cluster", "cluster", .clusters)
    static let deleteUser = delete("delete-user", "user", .users)
    static let deleteContext = delete("delete-context", "context", .contexts)

    private static func delete(_ command: String, _ noun: String, _ section: KubeconfigFiles.Section)
        -> CommandSpec
    {
        CommandSpec(
            command, "Delete the specified \(noun) from the kubeconfig", usage: "NAME",
            run: { call in
                let name = try name(call)
                var config = try call.session.kubeconfig.load()
                let isCurrent = section == .contexts && config.currentContext == name
                guard let path = config.remove(section, name) else {
                    throw KubectlError(
                        "cannot delete \(noun) \(name), not in \(config.files.first?.path ?? config.defaultPath)"
                    )
                }
                if isCurrent {
                    call.errorLine(
                        "warning: this removed your active context, use \"kubectl config use-context\" to select a "
                            + "different one")
                }
                try config.save()
                call.line("deleted \(noun) \(name) from \(path)")
            })
    }

    // MARK: Setting

    private static let embed = FlagSpec(
        "embed-certs", nil, .bool, "Put the files' content into the kubeconfig.")

    static let setCluster = CommandSpec(
        "set-cluster", "Set a cluster entry in kubeconfig", usage: "NAME [--server=server]",
        examples: ["kubectl config set-cluster e2e --server=https://1.2.3.4"],
        flags: [embed, FlagSpec("proxy-url", nil, .string, refused: "connections go directly")],
        run: { call in
            let name = try name(call)
            try change(call, .clusters, name, "Cluster") { value in
                set(&value, "server", call.flags.given("server"))
                set(&value, "tls-server-name", call.flags.given("tls-server-name"))
                if call.flags.isSet("insecure-skip-tls-verify") {
                    value["insecure-skip-tls-verify"] =
                        call.flags.bool("insecure-skip-tls-verify") ? true : nil
                    if call.flags.bool("insecure-skip-tls-verify") {
                        value["certificate-authority"] = nil
                        value["certificate-authority-data"] = nil
                    }
                }
                try setFile(&value, "certificate-authority", call)
            }
        })

    static let setCredentials = CommandSpec(
        "set-credentials", "Set a user entry in kubeconfig",
        usage: "NAME [--client-certificate=path/to/certfile]",
        examples: ["kubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key"],
        flags: [
            embed, .refused("exec-command", nil, .string, "credential plugins are not run"),
            .refused("auth-provider", nil, .string, "credential plugins are not run"),
        ],
        run: { call in
            let name = try name(call)
            if call.flags.isSet("token"), call.flags.isSet("username") {
                throw KubectlError(
                    "you cannot specify more than one authentication method at the same time: --token, --username/--password"
                )
            }
            try change(call, .users, name, "User") { value in
                for field in ["token", "username", "password"] {
                    set(&value, field, call.flags.given(field))
                }
                try setFile(&value, "client-certificate", call)
                try setFile(&value, "client-key", call)
            }
        })

    static let setContext = CommandSpec(
        "set-context", "Set a context entry in kubeconfig",
        usage:
            "[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
        examples: ["kubectl config set-context gce --user=cluster-admin"],
        flags: [FlagSpec("current", nil, .bool, "Change the current context.")],
        run: { call in
            let config = try call.session.kubeconfig.load()
            let name: String
            if call.flags.bool("current") {
                guard call.arguments.isEmpty else {
                    throw KubectlError("you cannot specify both a context name and --current")
                }
                guard !config.currentContext.isEmpty else { throw KubectlError("no current context is set") }
                name = config.currentContext
            } else {
                name = try ConfigEntries.name(call)
            }
            try change(call, .contexts, name, "Context") { value in
                for field in ["cluster", "user", "namespace"] {
                    set(&value, field, call.flags.given(field))
                }
            }
        })

    private static func set(_ value: inout JSONValue, _ field: String, _ text: String?) {
        guard let text else { return }
        value[field] = text.isEmpty ? nil : .string(text)
    }

    /// A file's path, or its content with `--embed-certs`.
    private static func setFile(_ value: inout JSONValue, _ field: String, _ call: Invocation) throws {
        guard let path = call.flags.given(field) else { return }
        guard !path.isEmpty else {
            value[field] = nil
            value["\(field)-data"] = nil
            return
        }
        if call.flags.bool("embed-certs") {
            value["\(field)-data"] = .string(Base64.encode(try HostFiles.read(path)))
            value[field] = nil
        } else {
            value[field] = .string(HostFiles.absolute(path))
            value["\(field)-data"] = nil
        }
    }

    private static func change(
        _ call: Invocation, _ section: KubeconfigFiles.Section, _ name: String, _ noun: String,
        _ change: (inout JSONValue) throws -> Void
    ) throws {
        var config = try call.session.kubeconfig.load()
        var value = config.entry(section, name)?.value ?? [:]
        try change(&value)
        let isNew = config.set(section, name, value)
        try config.save()
        call.line(
            noun == "Context"
                ? "Context \(goQuoted(name)) \(isNew ? "created" : "modified")."
                : "\(noun) \(goQuoted(name)) set.")
    }
}
