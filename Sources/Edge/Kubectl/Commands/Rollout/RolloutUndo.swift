internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl rollout undo`
enum RolloutUndo {
    static let spec = CommandSpec(
        "undo", "Undo a previous rollout", usage: "(TYPE NAME | TYPE/NAME) [flags]",
        examples: [
            "kubectl rollout undo deployment/web", "kubectl rollout undo daemonset/web --to-revision=3",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.selector, FlagSets.dryRun,
            FlagSpec("to-revision", nil, .int, default: "0", "Revision to go back to; 0: the one before."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let dryRun = try DryRun(call)
        if call.arguments.isEmpty, !call.flags.isSet("filename") {
            throw KubectlError("required resource not specified")
        }
        var printer = try ChangePrinter(call, dryRun)
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        try await forEachCollectingErrors(try await query.fetchAll(call.session)) { info in
            let (changed, message) = try await undo(call, info, dryRun)
            try printer.show(changed, message)
        }
    }

    private static func undo(
        _ call: Invocation, _ info: ResourceInfo, _ dryRun: DryRun
    ) async throws -> (ResourceInfo, String) {
        let wanted = call.flags.int("to-revision")
        let revisions = try await Revision.all(of: info, call.session)
        if info.content.kind == "Deployment", info.content[path: "spec", "paused"]?.bool == true {
            throw KubectlError(
                "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume "
                    + "\(info.displayName)' and try again")
        }
        let target: Revision
        if wanted > 0 {
            guard let found = revisions.first(where: { $0.number == wanted }) else {
                throw KubectlError("unable to find specified revision \(wanted) in history")
            }
            target = found
        } else {
            guard revisions.count > 1 else {
                throw KubectlError(
                    "no rollout history found for \(info.resource.kind.lowercased()) \(goQuoted(info.name))")
            }
            target = revisions[revisions.count - 2]
        }
        let (kind, patch, isSame) = try change(info, target)
        if isSame {
            return (
                info,
                "skipped rollback (current template already matches revision \(target.number))"
            )
        }
        guard dryRun != .client else { return (info, "rolled back") }
        let answer = try await call.session.resources()
            .patch(info, kind, patch, options: .init(isServerDryRun: dryRun == .server))
        return (info.refreshed(answer), "rolled back")
    }

    private static func change(
        _ info: ResourceInfo, _ revision: Revision
    ) throws -> (kind: Patch.Kind, patch: JSONValue, isSame: Bool) {
        let object = info.content
        guard object.kind == "Deployment" else {
            // A ControllerRevision holds the patch that brings its template back.
            guard let data = revision.object["data"] else {
                throw KubectlError("unable to parse history \(revision.object.name)")
            }
            let patched = try LocalPatch.apply(.strategicMerge, data, to: object.value)
            return (.strategicMerge, data, patched.at("spec", "template") == object[path: "spec", "template"])
        }
        var template = revision.template ?? [:]
        template[path: "metadata", "labels", "pod-template-hash"] = nil
        let isSame = template == object[path: "spec", "template"]
        var operations: [JSONValue] = [
            ["op": "replace", "path": "/spec/template", "value": template]
        ]
        // The annotations of the old revision come back too, without those that the system keeps.
        let system: Set<String> = [
            LastApplied.key, "deployment.kubernetes.io/revision",
            "deployment.kubernetes.io/revision-history", "deployment.kubernetes.io/desired-replicas",
            "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to",
        ]
        var annotations: [String: String] = [:]
        for (key, value) in object.annotations where system.contains(key) { annotations[key] = value }
        for (key, value) in revision.object.annotations where !system.contains(key) {
            annotations[key] = value
        }
        operations.append([
            "op": object[path: "metadata", "annotations"] == nil ? "add" : "replace",
            "path": "/metadata/annotations", "value": .strings(annotations),
        ])
        return (.json, .array(operations), isSame)
    }
}
