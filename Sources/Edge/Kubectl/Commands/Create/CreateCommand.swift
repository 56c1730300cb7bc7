internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl create`
enum CreateCommand {
    static let spec = CommandSpec(
        "create", "Create a resource from a file or from stdin", usage: "-f FILENAME",
        examples: ["kubectl create -f pod.json", "cat pod.json | kubectl create -f -"],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.dryRun, FlagSets.selector, FlagSets.validate, FlagSets.fieldManager("kubectl-create"),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            FlagSpec("raw", nil, .string, "Path to POST the file to as it is."),
            .refused("edit", nil, .bool, "edit the file first"), FlagSets.record,
            .refused("windows-line-endings", nil, .bool, "there is no Windows here"),
        ],
        subcommands: [
            CreateRBAC.clusterRole, CreateRBAC.clusterRoleBinding, CreateConfig.configMap,
            CreateWorkloads.cronJob, CreateWorkloads.deployment, CreateIngress.spec, CreateWorkloads.job,
            CreateSimple.namespace, CreateSimple.podDisruptionBudget, CreateSimple.priorityClass,
            CreateSimple.quota, CreateRBAC.role, CreateRBAC.roleBinding, CreateConfig.secret,
            CreateService.spec, CreateSimple.serviceAccount, CreateToken.spec,
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard call.arguments.isEmpty else {
            throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
        }
        guard call.flags.isSet("filename") else {
            throw KubectlError("must specify one of -f and -k")
        }
        if let raw = call.flags.given("raw") { return try await createRaw(call, raw) }
        let dryRun = try DryRun(call)
        let infos = try await ResourceQuery(call).manifests(call.session)
        guard !infos.isEmpty else { throw KubectlError("no objects passed to create") }
        let client = try call.session.resources()
        let options = try call.writeOptions(dryRun)
        var printer = try ChangePrinter(call, dryRun)
        try await forEachCollectingErrors(infos) { info in
            var info = info
            if call.flags.bool("save-config") { info.object = LastApplied.annotated(info.content) }
            if dryRun != .client {
                info = info.refreshed(
                    try await withSource("creating", info.source) {
                        try await client.create(info, info.content.value, options: options)
                    })
            }
            try printer.show(info, "created")
        }
    }

    private static func createRaw(_ call: Invocation, _ path: String) async throws {
        let files = call.flags.strings("filename")
        guard files.count == 1, let file = files.first else {
            throw KubectlError("--raw can only use a single local file or stdin")
        }
        let bytes =
            file == "-"
            ? try await call.environment.input.readAll() : try HostFiles.read(file)
        call.write(
            try await call.session.rest().bytes(
                RESTRequest(
                    "POST", path, headers: [.init("Content-Type", "application/json")], body: bytes)))
    }
}
