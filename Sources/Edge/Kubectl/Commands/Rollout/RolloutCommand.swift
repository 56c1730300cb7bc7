internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl rollout`
enum RolloutCommand {
    private static let usage = "(TYPE NAME | TYPE/NAME) [flags]"

    static let spec = CommandSpec(
        "rollout", "Manage the rollout of one or many resources", usage: "SUBCOMMAND",
        examples: ["kubectl rollout status deployment/web", "kubectl rollout undo deployment/web"],
        subcommands: [
            RolloutHistory.spec,
            change("pause", "Mark the provided resource as paused", done: "paused", pause),
            change("restart", "Restart a resource", done: "restarted", restart),
            change("resume", "Resume a paused resource", done: "resumed", resume), RolloutStatus.spec,
            RolloutUndo.spec,
        ])

    private typealias Change = @Sendable (inout APIObject, Invocation) throws -> Bool

    /// A subcommand that changes one field. The change says whether there was anything to do.
    private static func change(
        _ name: String, _ summary: String, done: String, _ change: @escaping Change
    ) -> CommandSpec {
        CommandSpec(
            name, summary, usage: usage, examples: ["kubectl rollout \(name) deployment/web"],
            flags: FlagSets.filename + FlagSets.output + [
                FlagSets.selector, FlagSets.fieldManager("kubectl-rollout"), FlagSets.dryRun,
            ],
            run: { call in
                let dryRun = try DryRun(call)
                var printer = try ChangePrinter(call, dryRun)
                var query = ResourceQuery(call)
                query.typeAloneMeansAll = true
                let infos = try await query.fetchAll(call.session)
                if infos.isEmpty { throw KubectlError("no objects passed to rollout \(name)") }
                try await forEachCollectingErrors(infos) { info in
                    var object = info.content
                    do {
                        guard try change(&object, call) else { throw KubectlError("is already \(done)") }
                    } catch let error as KubectlError {
                        throw KubectlError(
                            "\(info.resource.qualifiedName) \(goQuoted(info.name)) \(error.message)")
                    }
                    let (kind, patch) = LocalPatch.difference(from: info.content.value, to: object.value)
                    var changed = info
                    changed.object = object
                    if dryRun != .client {
                        changed = info.refreshed(
                            try await call.session.resources().patch(
                                info, kind, .object(patch), options: try call.writeOptions(dryRun)))
                    }
                    try printer.show(changed, done)
                }
            })
    }

    @Sendable private static func pause(_ object: inout APIObject, _: Invocation) throws -> Bool {
        try requireDeployment(object, "pausing")
        if object[path: "spec", "paused"]?.bool == true { return false }
        object[path: "spec", "paused"] = true
        return true
    }

    @Sendable private static func resume(_ object: inout APIObject, _: Invocation) throws -> Bool {
        try requireDeployment(object, "resuming")
        guard object[path: "spec", "paused"]?.bool == true else {
            throw KubectlError("is not paused")
        }
        object[path: "spec", "paused"] = nil
        return true
    }

    @Sendable private static func restart(_ object: inout APIObject, _ call: Invocation) throws -> Bool {
        guard ["Deployment", "DaemonSet", "StatefulSet"].contains(object.kind) else {
            throw KubectlError("restarting is not supported")
        }
        if object.kind == "Deployment", object[path: "spec", "paused"]?.bool == true {
            throw KubectlError("can't restart paused deployment (run rollout resume first)")
        }
        object[path: "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"] =
            .string(call.environment.clock.now.rfc3339)
        return true
    }

    private static func requireDeployment(_ object: APIObject, _ what: String) throws(KubectlError) {
        guard object.kind == "Deployment" else { throw KubectlError("\(what) is not supported") }
    }
}
