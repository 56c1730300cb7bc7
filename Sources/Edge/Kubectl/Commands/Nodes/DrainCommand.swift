internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl drain`
enum DrainCommand {
    static let spec = CommandSpec(
        "drain", "Drain node in preparation for maintenance", usage: "NODE",
        examples: ["kubectl drain foo --force", "kubectl drain foo --ignore-daemonsets --grace-period=900"],
        flags: [
            FlagSets.dryRun, FlagSets.selector, FlagSets.chunkSize,
            FlagSpec("delete-emptydir-data", nil, .bool, "Go on although pods lose their emptyDir volumes."),
            FlagSpec("disable-eviction", nil, .bool, "Delete pods, past their disruption budgets."),
            FlagSpec("force", nil, .bool, "Remove pods that nobody will make anew."),
            FlagSpec(
                "grace-period", nil, .int, default: "-1", "Seconds that pods have to end; -1: their own."),
            FlagSpec("ignore-daemonsets", nil, .bool, "Leave the pods of DaemonSets."),
            FlagSpec("pod-selector", nil, .string, "Only the pods with these labels."),
            FlagSpec(
                "skip-wait-for-delete-timeout", nil, .int, default: "0",
                "Do not wait for pods that have been ending for this many seconds."),
            FlagSpec("timeout", nil, .duration, default: "0s", "How long to try; 0: for ever."),
        ], run: run)

    /// How long to wait before an eviction that a disruption budget forbids is tried again.
    private static let retryDelay: Duration = .seconds(5)

    private static func run(_ call: Invocation) async throws {
        let dryRun = try DryRun(call)
        let nodes = try await CordonCommands.nodes(call)
        for node in nodes { try await CordonCommands.set(call, node, isUnschedulable: true, dryRun) }
        var errors: [any Error] = []
        for node in nodes {
            do {
                try await withTimeout(call.flags.duration("timeout"), sleep: call.environment.sleep) {
                    KubectlError("drain did not complete within \(call.flags.string("timeout"))")
                } _: {
                    try await drain(call, node, dryRun)
                }
                call.line("node/\(node.name) drained\(dryRun.suffix)")
            } catch {
                errors.append(error)
                call.errorLine(
                    "error: unable to drain node \(goQuoted(node.name)) due to error: \(error), continuing command..."
                )
            }
        }
        guard errors.isEmpty else {
            let names = nodes.map(\.name)
            call.errorLine("There are pending nodes to be drained:")
            for name in names { call.errorLine(" \(name)") }
            throw KubectlErrors(errors: errors)
        }
    }

    private static func drain(_ call: Invocation, _ node: ResourceInfo, _ dryRun: DryRun) async throws {
        let plan = try await plan(call, node)
        guard plan.errors.isEmpty else { throw KubectlError(DrainPlan.text(plan.errors)) }
        if !plan.warnings.isEmpty { call.warn(DrainPlan.text(plan.warnings)) }
        let pods = try APIResource.builtIn(apiVersion: "v1", kind: "Pod")
        let infos = plan.pods.map { ResourceQuery.info(pods, $0) }
        let isEvicting = !call.flags.bool("disable-eviction")
        for info in infos {
            call.line(
                "\(isEvicting ? "evicting" : "deleting") pod \(info.namespace)/\(info.name)\(dryRun.suffix)")
        }
        guard dryRun == .none else { return }
        try await withThrowingTaskGroup { group in
            for info in infos {
                group.addTask { try await remove(call, info, isEvicting: isEvicting) }
            }
            try await group.waitForAll()
        }
    }

    private static func plan(_ call: Invocation, _ node: ResourceInfo) async throws -> DrainPlan {
        let client = try call.session.resources()
        let pods = try APIResource.builtIn(apiVersion: "v1", kind: "Pod")
        let found = try await client.list(
            pods,
            .init(
                labelSelector: call.flags.string("pod-selector"),
                fieldSelector: "spec.nodeName=\(node.name)", chunkSize: call.flags.int("chunk-size")))
        var daemonSets = Set<String>()
        if found.objects.contains(where: { $0.controllerReference?.kind == "DaemonSet" }) {
            let resource = try APIResource.builtIn(apiVersion: "apps/v1", kind: "DaemonSet")
            for set in try await client.list(resource, .init()).objects {
                daemonSets.insert("\(set.namespace)/\(set.name)")
            }
        }
        let options = DrainPlan.Options(
            isForced: call.flags.bool("force"), ignoresDaemonSets: call.flags.bool("ignore-daemonsets"),
            deletesEmptyDir: call.flags.bool("delete-emptydir-data"),
            skipWaitSeconds: call.flags.int("skip-wait-for-delete-timeout"))
        return DrainPlan(
            found.objects, options: options, daemonSets: daemonSets, now: call.environment.clock.now)
    }

    private static func remove(_ call: Invocation, _ info: ResourceInfo, isEvicting: Bool) async throws {
        let client = try call.session.resources()
        let grace = call.flags.int("grace-period")
        let options = DeleteOptions(gracePeriodSeconds: grace < 0 ? nil : Int64(grace))
        do {
            if isEvicting {
                try await evict(call, info, options)
            } else {
                _ = try await client.delete(info, options.value)
            }
            try await Deletion.waitUntilGone(info, uid: info.content.uid, timeout: nil, call.session)
        } catch let error where GetCommand.isNotFound(error) {
            return
        }
        call.line("pod/\(info.name) \(isEvicting ? "evicted" : "deleted")")
    }

    /// Asks again for as long as a disruption budget stands against it.
    private static func evict(_ call: Invocation, _ info: ResourceInfo, _ options: DeleteOptions) async throws
    {
        let client = try call.session.resources()
        let eviction: JSONValue = [
            "apiVersion": "policy/v1", "kind": "Eviction", "deleteOptions": options.value,
            "metadata": ["name": .string(info.name), "namespace": .string(info.namespace)],
        ]
        while true {
            do {
                _ = try await client.create(info, eviction, subresource: "eviction")
                return
            } catch let status as APIStatus where status.code == 429 {
                call.errorLine(
                    "error when evicting pods/\(goQuoted(info.name)) -n \(goQuoted(info.namespace)) "
                        + "(will retry after 5s): \(status.message)")
                try await call.environment.sleep(retryDelay)
            }
        }
    }
}
