internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl patch`
enum PatchCommand {
    static let spec = CommandSpec(
        "patch", "Update fields of a resource",
        usage: "(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
        examples: [
            "kubectl patch node k8s-node-1 -p '{\"spec\":{\"unschedulable\":true}}'",
            "kubectl patch pod web --type='json' -p='[{\"op\": \"remove\", \"path\": \"/metadata/labels/a\"}]'",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.dryRun, FlagSets.local, FlagSets.fieldManager("kubectl-patch"),
            FlagSpec("patch", "p", .string, "The patch, as JSON or YAML."),
            FlagSpec("patch-file", nil, .string, "File with the patch."),
            FlagSpec("subresource", nil, .string, "Subresource to patch: status, scale."),
            FlagSpec("type", nil, .string, default: "strategic", "json, merge or strategic."),
            FlagSets.record,
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let (kind, patch) = (try kind(call), try await patch(call))
        let dryRun = try DryRun(call)
        let isLocal = call.flags.bool("local")
        if isLocal, !call.flags.isSet("filename") {
            throw KubectlError("--local can only be used with --filename")
        }
        let query = ResourceQuery(call)
        let targets = try await query.plan(call.session).targets
        var printer = try ChangePrinter(call, dryRun)
        let client = try call.session.resources()
        let subresource = GetCommand.subresource(call)
        let options = try call.writeOptions(dryRun)
        try await forEachCollectingErrors(targets) { target in
            let info: ResourceInfo
            switch target {
            case .object(let found), .manifest(let found): info = found
            case .list: throw ResourceQuery.missingResource
            }
            if isLocal || dryRun == .client {
                let current = isLocal ? info.content.value : try await client.get(info)
                let patched = try LocalPatch.apply(kind, patch, to: current)
                try printer.show(
                    info.refreshed(patched), patched == current ? "patched (no change)" : "patched")
                return
            }
            let before = try? await client.get(info, subresource: subresource)
            let after = try await client.patch(
                info, kind, patch, subresource: subresource, options: options)
            let isSame =
                before?.at("metadata", "resourceVersion") == after.at("metadata", "resourceVersion")
                && dryRun == .none && before != nil
            try printer.show(info.refreshed(after), isSame ? "patched (no change)" : "patched")
        }
    }

    private static func kind(_ call: Invocation) throws(KubectlError) -> Patch.Kind {
        switch call.flags.string("type").lowercased() {
        case "json": return .json
        case "merge": return .merge
        case "strategic": return .strategicMerge
        case let other:
            throw KubectlError("--type must be one of [json merge strategic], not \(goQuoted(other))")
        }
    }

    private static func patch(_ call: Invocation) async throws -> JSONValue {
        let (text, file) = (call.flags.string("patch"), call.flags.string("patch-file"))
        guard text.isEmpty != file.isEmpty else {
            throw KubectlError(
                text.isEmpty
                    ? "must specify --patch or --patch-file containing the contents of the patch"
                    : "cannot specify --patch and --patch-file together")
        }
        let bytes = text.isEmpty ? try HostFiles.read(file) : Array(text.utf8)
        do {
            guard let value = try YAML.parse(bytes).first else { throw KubectlError("empty patch") }
            return value
        } catch {
            throw KubectlError("unable to parse \(goQuoted(text.isEmpty ? file : text)): \(error)")
        }
    }
}
