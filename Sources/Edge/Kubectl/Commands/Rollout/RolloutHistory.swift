internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl rollout history`
enum RolloutHistory {
    static let spec = CommandSpec(
        "history", "View rollout history", usage: "(TYPE NAME | TYPE/NAME) [flags]",
        examples: [
            "kubectl rollout history deployment/web", "kubectl rollout history deployment/web --revision=3",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.selector, FlagSpec("revision", nil, .int, default: "0", "Show this revision in detail."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let wanted = call.flags.int("revision")
        if wanted < 0 { throw KubectlError("revision must be a positive integer: \(wanted)") }
        if call.arguments.isEmpty, !call.flags.isSet("filename") {
            throw KubectlError("required resource not specified")
        }
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        for info in try await query.fetchAll(call.session) {
            let revisions = try await Revision.all(of: info, call.session)
            if let printer = try ObjectPrinter(call.flags) {
                let shown =
                    wanted > 0
                    ? revisions.filter { $0.number == wanted } : Array(revisions.suffix(1))
                if shown.isEmpty { throw KubectlError("unable to find the specified revision") }
                for revision in shown { call.write(try printer.text(revision.object.value)) }
                continue
            }
            let heading = "\(info.displayName) "
            guard !revisions.isEmpty else {
                call.line(heading)
                call.line("No rollout history found.")
                continue
            }
            if wanted > 0 {
                guard let revision = revisions.first(where: { $0.number == wanted }) else {
                    throw KubectlError("unable to find the specified revision")
                }
                call.line("\(heading)with revision #\(wanted)")
                call.write(template(revision, call) + "\n")
                continue
            }
            var writer = TabWriter(minimumWidth: 0, padding: 2)
            writer.add(cells: ["REVISION", "CHANGE-CAUSE"])
            for revision in revisions {
                writer.add(cells: [
                    "\(revision.number)", revision.changeCause.isEmpty ? "<none>" : revision.changeCause,
                ])
            }
            call.line(heading)
            call.write(writer.flush() + "\n")
        }
    }

    private static func template(_ revision: Revision, _ call: Invocation) -> String {
        var description = Description(isAligned: false)
        var template = revision.template ?? [:]
        if !revision.changeCause.isEmpty {
            template[path: "metadata", "annotations", "kubernetes.io/change-cause"] =
                .string(revision.changeCause)
        }
        DescribePodTemplate.write(template, to: &description)
        return description.text()
    }
}
