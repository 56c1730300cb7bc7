internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl cordon` and `kubectl uncordon`
enum CordonCommands {
    static let cordon = spec("cordon", "Mark node as unschedulable", isOff: true)
    static let uncordon = spec("uncordon", "Mark node as schedulable", isOff: false)

    private static func spec(_ name: String, _ summary: String, isOff: Bool) -> CommandSpec {
        CommandSpec(
            name, summary, usage: "NODE", examples: ["kubectl \(name) foo"],
            flags: [FlagSets.dryRun, FlagSets.selector],
            run: { call in
                for info in try await nodes(call) {
                    try await set(call, info, isUnschedulable: isOff, try DryRun(call))
                }
            })
    }

    /// The nodes that the arguments or the selector name.
    static func nodes(_ call: Invocation) async throws -> [ResourceInfo] {
        let hasSelector = call.flags.isSet("selector")
        if call.arguments.isEmpty, !hasSelector {
            throw KubectlError.arguments("USAGE: \(call.spec.name) NODE [flags]")
        }
        if !call.arguments.isEmpty, hasSelector {
            throw KubectlError("error: cannot specify both a node name and a --selector option")
        }
        var query = ResourceQuery(call)
        query.defaultType = "nodes"
        return try await query.fetchAll(call.session)
    }

    static func set(
        _ call: Invocation, _ info: ResourceInfo, isUnschedulable: Bool, _ dryRun: DryRun
    ) async throws {
        let done = isUnschedulable ? "cordoned" : "uncordoned"
        let isAlready = (info.content[path: "spec", "unschedulable"]?.bool ?? false) == isUnschedulable
        if isAlready { return call.line("node/\(info.name) already \(done)\(dryRun.suffix)") }
        if dryRun != .client {
            let patch: JSONValue = ["spec": ["unschedulable": isUnschedulable ? true : .null]]
            _ = try await call.session.resources().patch(
                info, .strategicMerge, patch, options: .init(isServerDryRun: dryRun == .server))
        }
        call.line("node/\(info.name) \(done)\(dryRun.suffix)")
    }
}
