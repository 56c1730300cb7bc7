internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl diff`: what apply would change, by asking the server without keeping anything.
enum DiffCommand {
    static let spec = CommandSpec(
        "diff", "Diff the live version against a would-be applied version", usage: "-f FILENAME",
        examples: ["kubectl diff -f pod.yaml", "cat service.yaml | kubectl diff -f -"],
        flags: FlagSets.filename + [
            FlagSets.selector,
            FlagSpec(
                "field-manager", nil, .string, default: "kubectl-client-side-apply",
                "Name under which the fields would be owned."),
            FlagSpec("force-conflicts", nil, .bool, "With --server-side, take fields from other owners."),
            FlagSpec("server-side", nil, .bool, "Let the server merge and keep track of owners."),
            FlagSpec("show-managed-fields", nil, .bool, "Keep managedFields in what is compared."),
            FlagSpec("concurrency", nil, .int, default: "1", "Accepted: objects are compared one by one."),
            .refused("prune", nil, .bool, "delete what is no longer wanted by hand or by label"),
            .refused("prune-allowlist", nil, .stringArray, "it belongs to --prune"),
        ],
        run: { call in
            do {
                if try await run(call) { throw KubectlError.exit(1) }
            } catch let error as KubectlError where error.form != .silent && error.exitCode == 1 {
                // 1 is kept for differences.
                throw KubectlError(error.message, form: error.form, exitCode: 2)
            } catch let status as APIStatus {
                throw KubectlError(ErrorMessage.inner(status, prefix: ""), form: .verbatim, exitCode: 2)
            }
        })

    /// Whether there are differences.
    private static func run(_ call: Invocation) async throws -> Bool {
        try call.noArguments()
        guard call.flags.isSet("filename") else { throw KubectlError("must specify one of -f and -k") }
        if call.flags.bool("force-conflicts"), !call.flags.bool("server-side") {
            throw KubectlError("--force-conflicts only works with --server-side")
        }
        let infos = try await ResourceQuery(call).manifests(call.session)
        let (live, merged) = (
            try HostFiles.makeTemporaryDirectory("LIVE-"), try HostFiles.makeTemporaryDirectory("MERGED-")
        )
        defer {
            HostFiles.removeDirectory(live)
            HostFiles.removeDirectory(merged)
        }
        for info in infos {
            var (before, after) = try await versions(call, info)
            if info.content.kind == "Secret" { (before, after) = masked(before, after) }
            let name = fileName(info)
            if let before { try HostFiles.write("\(live)/\(name)", text(before, call)) }
            try HostFiles.write("\(merged)/\(name)", text(after, call))
        }
        let code = try await call.environment.runEditor("\(program(call)) '\(live)'", merged)
        guard code <= 1 else { throw KubectlError("exit status \(code)", form: .plain, exitCode: code) }
        return code == 1
    }

    /// What there is, if anything, and what there would be.
    private static func versions(_ call: Invocation, _ info: ResourceInfo) async throws -> (
        JSONValue?, JSONValue
    ) {
        let client = try call.session.resources()
        let live: JSONValue?
        do {
            live = try await client.get(info)
        } catch let error where GetCommand.isNotFound(error) {
            live = nil
        }
        if call.flags.bool("server-side") {
            return (live, try await ApplyCommand.applyOnServer(call, info, .server).content.value)
        }
        return (live, try await ClientSideApply(call: call, dryRun: .server).apply(info).info.content.value)
    }

    private static func program(_ call: Invocation) -> String {
        let own = call.environment.variables["KUBECTL_EXTERNAL_DIFF"] ?? ""
        return own.isEmpty ? "diff -u -N" : own
    }

    private static func text(_ value: JSONValue, _ call: Invocation) -> [UInt8] {
        var value = value
        if !call.flags.bool("show-managed-fields") { value[path: "metadata", "managedFields"] = nil }
        return Array(YAML.write(value.sortedByKeys))
    }

    /// `apps.v1.Deployment.default.web`
    private static func fileName(_ info: ResourceInfo) -> String {
        let (group, version) = (info.resource.group, info.resource.version)
        let parts = [group, version, info.resource.kind, info.namespace, info.name]
        return parts.filter { !$0.isEmpty }.joined(separator: ".").replacing("/", with: "")
    }

    /// Values of Secrets are not shown, only that they differ.
    private static func masked(_ before: JSONValue?, _ after: JSONValue) -> (JSONValue?, JSONValue) {
        var (before, after) = (before, after)
        // What was applied last has them once more.
        before?[path: "metadata", "annotations", LastApplied.key] = nil
        after[path: "metadata", "annotations", LastApplied.key] = nil
        guard let new = after["data"]?.object else { return (before, after) }
        let old = before?["data"]?.object ?? JSONObject()
        for key in Set(new.map(\.key) + old.map(\.key)) {
            let isSame = old[key] == new[key]
            let known = old[key] != nil && new[key] != nil
            if old[key] != nil {
                before?[path: "data", key] = .string(isSame || !known ? "***" : "*** (before)")
            }
            if new[key] != nil {
                after[path: "data", key] = .string(isSame || !known ? "***" : "*** (after)")
            }
        }
        return (before, after)
    }
}
