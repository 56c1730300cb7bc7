internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl apply`
enum ApplyCommand {
    static let spec = CommandSpec(
        "apply", "Apply a configuration to a resource by file name or stdin",
        usage: "(-f FILENAME | -k DIRECTORY)",
        examples: [
            "kubectl apply -f web.yaml", "kubectl apply -f manifests/ -R",
            "kubectl apply --server-side -f web.yaml",
        ],
        flags: FlagSets.filename + FlagSets.output
            + Deletion.flags.filter { !["force", "wait"].contains($0.name) }
            + [
                FlagSets.dryRun, FlagSets.selector, FlagSets.validate,
                FlagSpec(
                    "field-manager", nil, .string, default: "kubectl-client-side-apply",
                    "Name under which the fields are owned."),
                FlagSpec("force-conflicts", nil, .bool, "With --server-side, take fields from other owners."),
                FlagSpec("force", nil, .bool, "Delete and create anew what cannot be patched."),
                FlagSpec(
                    "overwrite", nil, .bool, default: "true", "Let the file win over changes made elsewhere."),
                FlagSpec("server-side", nil, .bool, "Let the server merge and keep track of owners."),
                FlagSpec("subresource", nil, .string, "With --server-side, the subresource to apply to."),
                FlagSpec(
                    "openapi-patch", nil, .bool, default: "true", "Accepted: patches follow built-in types."),
                .refused("prune", nil, .bool, "delete what is no longer wanted by hand or by label"),
                .refused("prune-allowlist", nil, .stringArray, "it belongs to --prune"),
                .refused("applyset", nil, .string, "it belongs to --prune"),
                FlagSets.all("With --prune only."),
                FlagSpec("wait", nil, .bool, "Wait for what --force deletes."),
            ], subcommands: [ApplyLastApplied.view] + ApplyLastApplied.refused, run: run)

    private static func run(_ call: Invocation) async throws {
        if !call.arguments.isEmpty {
            throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
        }
        guard call.flags.isSet("filename") else { throw KubectlError("must specify one of -f and -k") }
        let dryRun = try DryRun(call)
        let isServerSide = call.flags.bool("server-side")
        if call.flags.bool("force-conflicts"), !isServerSide {
            throw KubectlError("--force-conflicts only works with --server-side")
        }
        if dryRun == .client, isServerSide {
            throw KubectlError(
                "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
        }
        if isServerSide, call.flags.bool("force") {
            throw KubectlError("--force cannot be used with --server-side")
        }
        let infos = try await ResourceQuery(call).manifests(call.session)
        guard !infos.isEmpty else { throw KubectlError("no objects passed to apply") }
        var printer = try ChangePrinter(call, dryRun)
        if printer.printsObjects {
            try await applyAndPrintObjects(call, infos, dryRun, isServerSide)
            return
        }
        try await forEachCollectingErrors(infos) { info in
            let (applied, operation) = try await apply(call, info, dryRun, isServerSide)
            try printer.show(applied, operation)
        }
    }

    /// With `-o`: one object by itself, several in a List.
    private static func applyAndPrintObjects(
        _ call: Invocation, _ infos: [ResourceInfo], _ dryRun: DryRun, _ isServerSide: Bool
    ) async throws {
        var applied: [ResourceInfo] = []
        try await forEachCollectingErrors(infos) { info in
            applied.append(try await apply(call, info, dryRun, isServerSide).info)
        }
        if let printer = try ObjectPrinter(call.flags), let first = applied.first {
            let value =
                applied.count == 1
                ? first.content.value : ObjectPrinter.list(applied.map(\.content.value), resourceVersion: nil)
            call.write(try printer.text(value, resource: first.resource))
        }
    }

    private static func apply(
        _ call: Invocation, _ info: ResourceInfo, _ dryRun: DryRun, _ isServerSide: Bool
    ) async throws -> (info: ResourceInfo, operation: String) {
        if info.name.isEmpty, !info.content.generateName.isEmpty {
            throw KubectlError("from \(info.content.generateName): cannot use generate name with apply")
        }
        return isServerSide
            ? (try await applyOnServer(call, info, dryRun), "serverside-applied")
            : try await ClientSideApply(call: call, dryRun: dryRun).apply(info)
    }

    static func applyOnServer(
        _ call: Invocation, _ info: ResourceInfo, _ dryRun: DryRun
    ) async throws -> ResourceInfo {
        var options = try call.writeOptions(dryRun)
        if !call.flags.isSet("field-manager") { options.fieldManager = "kubectl" }
        options.force = call.flags.bool("force-conflicts")
        let client = try call.session.resources()
        do {
            let value = try await client.patch(
                info, .apply, info.content.value, subresource: GetCommand.subresource(call),
                options: options)
            return info.refreshed(value)
        } catch let status as APIStatus where status.reason == .conflict {
            throw KubectlError(
                """
                \(status.message)
                Please review the fields above--they currently have other managers. Here
                are the ways you can resolve this warning:
                * If you intend to manage all of these fields, please re-run the apply
                  command with the `--force-conflicts` flag.
                * If you do not intend to manage all of the fields, please edit your
                  manifest to remove references to the fields that should keep their
                  current managers.
                * You may co-own fields by updating your manifest to match the existing
                  value; in this case, you'll become the manager if the other manager(s)
                  stop managing the field (remove it from their configuration).
                See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
                """)
        }
    }
}
