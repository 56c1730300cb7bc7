internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl delete`
enum DeleteCommand {
    static let spec = CommandSpec(
        "delete",
        "Delete resources by file names, stdin, resources and names, or by resources and label selector",
        usage: "([-f FILENAME] | TYPE [(NAME | -l label | --all)])",
        examples: [
            "kubectl delete pod web", "kubectl delete pods,services -l app=web", "kubectl delete -f web.yaml",
            "kubectl delete pods --all", "kubectl delete pod web --grace-period=0 --force",
        ],
        flags: FlagSets.filename + Deletion.flags.filter { $0.name != "wait" } + [
            FlagSets.all("Delete all objects of the types in the namespace."), FlagSets.allNamespaces,
            FlagSets.dryRun, FlagSets.fieldSelector, FlagSets.selector,
            FlagSpec("ignore-not-found", nil, .bool, "A missing object is no error."),
            FlagSpec("interactive", "i", .bool, "Ask before deleting."),
            FlagSpec("now", nil, .bool, "Give the objects one second to end."),
            FlagSpec("output", "o", .string, "Only -o name."),
            FlagSpec("raw", nil, .string, "Path to send the DELETE to as it is."),
            FlagSpec("wait", nil, .bool, default: "true", "Wait until the objects are gone."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let flags = call.flags
        if let raw = flags.given("raw") {
            return call.write(try await call.session.rest().bytes(RESTRequest("DELETE", raw)))
        }
        let dryRun = try DryRun(call)
        let output = flags.string("output")
        guard output.isEmpty || output == "name" else {
            throw KubectlError("unexpected -o output mode: \(output). We only support '-o name'")
        }
        if flags.bool("all") {
            if flags.isSet("selector") {
                throw KubectlError("cannot set --all and --selector at the same time")
            }
            if flags.isSet("field-selector") {
                throw KubectlError("cannot set --all and --field-selector at the same time")
            }
        }
        var deletion = try Deletion(call)
        deletion.isServerDryRun = dryRun == .server
        try adjustGracePeriod(call, &deletion)
        let found = try await targets(call)
        guard !found.isEmpty else { return call.line("No resources found") }
        if flags.bool("interactive"), try await !confirm(call, found) {
            return call.line("deletion is cancelled")
        }
        try await delete(call, found, deletion, dryRun)
    }

    private static func adjustGracePeriod(_ call: Invocation, _ deletion: inout Deletion) throws {
        let isForced = call.flags.bool("force")
        if call.flags.bool("now") {
            guard deletion.gracePeriod == nil else {
                throw KubectlError("--now and --grace-period cannot be specified together")
            }
            deletion.gracePeriod = 1
        }
        if let grace = deletion.gracePeriod, grace > 0, isForced {
            throw KubectlError("--force and --grace-period greater than 0 cannot be specified together")
        }
        if isForced { deletion.gracePeriod = 0 }
        guard deletion.gracePeriod == 0 else { return }
        if isForced {
            call.warn(
                "Immediate deletion does not wait for confirmation that the running resource has been terminated. "
                    + "The resource may continue to run on the cluster indefinitely.")
        } else {
            // Without --force nothing may be left behind: the shortest orderly end instead.
            deletion.gracePeriod = 1
        }
    }

    /// Names are not looked up first; selectors are listed.
    private static func targets(_ call: Invocation) async throws -> [ResourceInfo] {
        let query = ResourceQuery(call)
        let plan = try await query.plan(call.session)
        let client = try call.session.resources()
        var infos: [ResourceInfo] = []
        for target in plan.targets {
            switch target {
            case .object(let info), .manifest(let info): infos.append(info)
            case .list(let resource, let selection):
                infos += try await client.list(resource, selection).objects
                    .map { ResourceQuery.info(resource, $0) }
            }
        }
        return infos
    }

    private static func confirm(_ call: Invocation, _ infos: [ResourceInfo]) async throws -> Bool {
        call.line("You are about to delete the following \(infos.count) resource(s):")
        for info in infos { call.line(info.displayName) }
        call.write("Do you want to continue? (y/N): ")
        var answer = ""
        while let piece = try await call.environment.input.read() {
            answer += String(decoding: piece, as: UTF8.self)
            if answer.contains("\n") { break }
        }
        return answer.trimmed.lowercased() == "y"
    }

    private static func delete(
        _ call: Invocation, _ infos: [ResourceInfo], _ deletion: Deletion, _ dryRun: DryRun
    ) async throws {
        let client = try call.session.resources()
        if call.session.isNamespaceExplicit, infos.contains(where: { !$0.resource.isNamespaced }) {
            call.warn("deleting cluster-scoped resources, not scoped to the provided namespace")
        }
        var deleted: [(info: ResourceInfo, uid: String)] = []
        var failure: (any Error)?
        do {
            try await forEachCollectingErrors(infos) { info in
                guard dryRun != .client else { return show(call, info, deletion, dryRun) }
                do {
                    let uid = try await withSource("deleting", info.source) {
                        try await deletion.delete(info, client)
                    }
                    show(call, info, deletion, dryRun)
                    deleted.append((info, uid))
                } catch let error
                    where call.flags.bool("ignore-not-found") && GetCommand.isNotFound(error)
                {}
            }
        } catch {
            failure = error
        }
        if call.flags.bool("wait"), dryRun == .none, failure == nil {
            let timeout = call.flags.duration("timeout")
            for (info, uid) in deleted {
                try await Deletion.waitUntilGone(info, uid: uid, timeout: timeout, call.session)
            }
        }
        if let failure { throw failure }
    }

    private static func show(_ call: Invocation, _ info: ResourceInfo, _ deletion: Deletion, _ dryRun: DryRun)
    {
        guard call.flags.string("output") != "name" else { return call.line(info.displayName) }
        let operation = deletion.gracePeriod == 0 ? "force deleted" : "deleted"
        call.line("\(info.resource.kindName) \(goQuoted(info.name)) \(operation)\(dryRun.suffix)")
    }
}
