internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl replace`
enum ReplaceCommand {
    static let spec = CommandSpec(
        "replace", "Replace a resource by file name or stdin", usage: "-f FILENAME",
        examples: ["kubectl replace -f pod.json", "kubectl replace --force -f pod.json"],
        flags: FlagSets.filename + FlagSets.output + Deletion.flags + [
            FlagSets.dryRun, FlagSets.validate, FlagSets.fieldManager("kubectl-replace"),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            FlagSpec("subresource", nil, .string, "Subresource to replace: status, scale."),
            FlagSpec("raw", nil, .string, "Path to PUT the file to as it is."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard call.flags.isSet("filename") else { throw KubectlError("must specify one of -f and -k") }
        if let raw = call.flags.given("raw") { return try await replaceRaw(call, raw) }
        let dryRun = try DryRun(call)
        let isForced = call.flags.bool("force")
        if call.flags.int("grace-period") >= 0, !isForced {
            throw KubectlError("--grace-period must have --force specified")
        }
        if call.flags.duration("timeout") != .zero, !isForced {
            throw KubectlError("--timeout must have --force specified")
        }
        let infos = try await ResourceQuery(call).manifests(call.session)
        guard !infos.isEmpty else { throw KubectlError("no objects passed to replace") }
        if isForced { try await delete(call, infos, dryRun) }
        let client = try call.session.resources()
        let options = try call.writeOptions(dryRun)
        let subresource = GetCommand.subresource(call)
        var printer = try ChangePrinter(call, dryRun)
        try await forEachCollectingErrors(infos) { info in
            var info = info
            info.object =
                call.flags.bool("save-config")
                ? LastApplied.annotated(info.content) : LastApplied.updatedIfPresent(info.content)
            // What is made anew has no version yet.
            if isForced { info.object?[path: "metadata", "resourceVersion"] = nil }
            let body = info.content.value
            if dryRun != .client {
                info = info.refreshed(
                    try await withSource(isForced ? "creating" : "replacing", info.source) { [info] in
                        isForced
                            ? try await client.create(info, body, options: options)
                            : try await client.replace(
                                info, body, subresource: subresource, options: options)
                    })
            }
            try printer.show(info, "replaced")
        }
    }

    private static func delete(_ call: Invocation, _ infos: [ResourceInfo], _ dryRun: DryRun) async throws {
        guard dryRun == .none else { throw KubectlError("--dry-run can not be used when --force is set") }
        let client = try call.session.resources()
        var deletion = try Deletion(call)
        if deletion.gracePeriod == nil { deletion.gracePeriod = 0 }
        for info in infos {
            do {
                let uid = try await deletion.delete(info, client)
                call.line("\(info.resource.kindName) \(goQuoted(info.name)) deleted")
                try await Deletion.waitUntilGone(
                    info, uid: uid, timeout: call.flags.duration("timeout"), call.session)
            } catch let error where GetCommand.isNotFound(error) {}
        }
    }

    private static func replaceRaw(_ call: Invocation, _ path: String) async throws {
        guard let file = call.flags.strings("filename").first else { return }
        let bytes =
            file == "-"
            ? try await call.environment.input.readAll() : try HostFiles.read(file)
        call.write(
            try await call.session.rest().bytes(
                RESTRequest(
                    "PUT", path, headers: [.init("Content-Type", "application/json")], body: bytes)))
    }
}
