internal import EdgeJSON

/// `kubectl config`
enum ConfigCommand {
    static let spec = CommandSpec(
        "config", "Modify kubeconfig files", usage: "SUBCOMMAND",
        subcommands: [
            currentContext, ConfigEntries.deleteCluster, ConfigEntries.deleteContext,
            ConfigEntries.deleteUser, ConfigEntries.getClusters, getContexts, ConfigEntries.getUsers,
            renameContext, ConfigValues.set, ConfigEntries.setCluster, ConfigEntries.setContext,
            ConfigEntries.setCredentials, ConfigValues.unset, useContext, ConfigView.spec,
        ])

    private static let currentContext = CommandSpec(
        "current-context", "Display the current-context",
        run: { call in
            let name = try call.session.kubeconfig.load().currentContext
            guard !name.isEmpty else { throw KubectlError("current-context is not set") }
            call.line(name)
        })

    private static let useContext = CommandSpec(
        "use-context", aliases: ["use"], "Set the current-context in a kubeconfig file",
        usage: "CONTEXT_NAME",
        examples: ["kubectl config use-context minikube"],
        run: { call in
            guard call.arguments.count == 1, let name = call.arguments.first else {
                throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
            }
            var config = try call.session.kubeconfig.load()
            guard config.entry(.contexts, name) != nil else {
                throw KubectlError("no context exists with the name: \(goQuoted(name))")
            }
            config.setCurrentContext(name)
            try config.save()
            call.line("Switched to context \(goQuoted(name)).")
        })

    private static let renameContext = CommandSpec(
        "rename-context", "Rename a context from the kubeconfig file", usage: "CONTEXT_NAME NEW_NAME",
        run: { call in
            guard call.arguments.count == 2 else {
                throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
            }
            let (old, new) = (call.arguments[0], call.arguments[1])
            var config = try call.session.kubeconfig.load()
            guard let entry = config.entry(.contexts, old) else {
                throw KubectlError(
                    "cannot rename the context \(goQuoted(old)), it's not in \(config.defaultPath)")
            }
            guard config.entry(.contexts, new) == nil else {
                throw KubectlError(
                    "cannot rename the context \(goQuoted(old)), the context \(goQuoted(new)) already exists in "
                        + config.defaultPath)
            }
            config.remove(.contexts, old)
            config.set(.contexts, new, entry.value)
            if config.currentContext == old { config.setCurrentContext(new) }
            try config.save()
            call.line("Context \(goQuoted(old)) renamed to \(goQuoted(new)).")
        })

    private static let getContexts = CommandSpec(
        "get-contexts", "Describe one or many contexts", usage: "[(-o|--output=)name)]",
        flags: [
            FlagSpec("no-headers", nil, .bool, "Print no header line."),
            FlagSpec("output", "o", .string, "name"),
        ],
        run: { call in
            let output = call.flags.string("output")
            guard ["", "name"].contains(output) else {
                throw KubectlError("output must be one of '' or 'name': \(output)")
            }
            let config = try call.session.kubeconfig.load()
            let names = call.arguments.isEmpty ? config.names(.contexts) : call.arguments
            if output == "name" {
                for name in names where config.entry(.contexts, name) != nil { call.line(name) }
                return
            }
            var writer = TabWriter.forTables()
            if !call.flags.bool("no-headers") {
                writer.add(cells: ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"])
            }
            var errors: [any Error] = []
            for name in names {
                guard let context = config.entry(.contexts, name)?.value else {
                    errors.append(KubectlError("context \(name) not found"))
                    continue
                }
                writer.add(cells: [
                    name == config.currentContext ? "*" : "", name, context["cluster"]?.string ?? "",
                    context["user"]?.string ?? "", context["namespace"]?.string ?? "",
                ])
            }
            call.write(writer.flush())
            try KubectlErrors.throwIfAny(errors)
        })
}
