internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl rollout status`
enum RolloutStatus {
    static let spec = CommandSpec(
        "status", "Show the status of the rollout", usage: "(TYPE NAME | TYPE/NAME) [flags]",
        examples: ["kubectl rollout status deployment/web"],
        flags: FlagSets.filename + [
            FlagSets.selector,
            FlagSpec("revision", nil, .int, default: "0", "Revision to wait for; 0: the latest."),
            FlagSpec("timeout", nil, .duration, default: "0s", "How long to wait; 0: for ever."),
            FlagSpec("watch", "w", .bool, default: "true", "Wait until the rollout is done."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        if call.arguments.isEmpty, !call.flags.isSet("filename") {
            throw KubectlError("required resource not specified")
        }
        let infos = try await query.fetchAll(call.session)
        for info in infos { try await follow(call, info) }
    }

    private static func follow(_ call: Invocation, _ info: ResourceInfo) async throws {
        let revision = call.flags.int("revision")
        if revision < 0 { throw KubectlError("revision must be a positive integer: \(revision)") }
        let client = try call.session.resources()
        let isWatching = call.flags.bool("watch")
        try await withTimeout(call.flags.duration("timeout"), sleep: call.environment.sleep) {
            KubectlError("timed out waiting for the condition")
        } _: {
            var last = ""
            try await client.follow(info) { object in
                guard let object else { throw KubectlError("object has been deleted") }
                let (message, isDone) = try status(object, revision: revision)
                if message != last { call.line(message) }
                last = message
                return isDone || !isWatching
            }
        }
    }

    /// What to tell of an object, and whether its rollout is over.
    static func status(_ object: APIObject, revision: Int) throws -> (message: String, isDone: Bool) {
        switch object.kind {
        case "Deployment": return try deployment(object, revision)
        case "DaemonSet": return try daemonSet(object)
        case "StatefulSet": return try statefulSet(object)
        default:
            throw KubectlError("no status viewer has been implemented for \(object.kind)")
        }
    }

    private static func number(_ object: APIObject, _ section: String, _ field: String) -> Int64 {
        object[path: section, field]?.int ?? 0
    }

    private static func deployment(
        _ object: APIObject, _ revision: Int
    ) throws -> (message: String, isDone: Bool) {
        let name = goQuoted(object.name)
        if revision > 0 {
            let running = Int(object[annotation: "deployment.kubernetes.io/revision"] ?? "") ?? 0
            guard running == revision else {
                throw KubectlError(
                    "desired revision (\(revision)) is different from the running revision (\(running))")
            }
        }
        guard object.generation <= number(object, "status", "observedGeneration") else {
            return ("Waiting for deployment spec update to be observed...", false)
        }
        let progressing = (object[path: "status", "conditions"]?.array ?? [])
            .first { $0["type"]?.string == "Progressing" }
        if progressing?["reason"]?.string == "ProgressDeadlineExceeded" {
            throw KubectlError("deployment \(name) exceeded its progress deadline")
        }
        let wanted = object[path: "spec", "replicas"]?.int ?? 1
        let updated = number(object, "status", "updatedReplicas")
        let all = number(object, "status", "replicas")
        let available = number(object, "status", "availableReplicas")
        let waiting = "Waiting for deployment \(name) rollout to finish:"
        if updated < wanted {
            return ("\(waiting) \(updated) out of \(wanted) new replicas have been updated...", false)
        }
        if all > updated {
            return ("\(waiting) \(all - updated) old replicas are pending termination...", false)
        }
        if available < updated {
            return ("\(waiting) \(available) of \(updated) updated replicas are available...", false)
        }
        return ("deployment \(name) successfully rolled out", true)
    }

    private static func requireRollingUpdate(_ object: APIObject) throws(KubectlError) {
        guard object[path: "spec", "updateStrategy", "type"]?.string ?? "RollingUpdate" == "RollingUpdate"
        else {
            throw KubectlError("rollout status is only available for RollingUpdate strategy type")
        }
    }

    private static func daemonSet(_ object: APIObject) throws -> (message: String, isDone: Bool) {
        try requireRollingUpdate(object)
        let name = goQuoted(object.name)
        guard object.generation <= number(object, "status", "observedGeneration") else {
            return ("Waiting for daemon set spec update to be observed...", false)
        }
        let wanted = number(object, "status", "desiredNumberScheduled")
        let updated = number(object, "status", "updatedNumberScheduled")
        let available = number(object, "status", "numberAvailable")
        let waiting = "Waiting for daemon set \(name) rollout to finish:"
        if updated < wanted {
            return ("\(waiting) \(updated) out of \(wanted) new pods have been updated...", false)
        }
        if available < wanted {
            return ("\(waiting) \(available) of \(wanted) updated pods are available...", false)
        }
        return ("daemon set \(name) successfully rolled out", true)
    }

    private static func statefulSet(_ object: APIObject) throws -> (message: String, isDone: Bool) {
        try requireRollingUpdate(object)
        let observed = number(object, "status", "observedGeneration")
        guard observed > 0, object.generation <= observed else {
            return ("Waiting for statefulset spec update to be observed...", false)
        }
        let wanted = object[path: "spec", "replicas"]?.int
        let ready = number(object, "status", "readyReplicas")
        if let wanted, ready < wanted { return ("Waiting for \(wanted - ready) pods to be ready...", false) }
        let updated = number(object, "status", "updatedReplicas")
        if let rolling = object[path: "spec", "updateStrategy", "rollingUpdate"] {
            if let wanted, let partition = rolling["partition"]?.int, updated < wanted - partition {
                return (
                    "Waiting for partitioned roll out to finish: \(updated) out of \(wanted - partition) new pods "
                        + "have been updated...", false
                )
            }
            return ("partitioned roll out complete: \(updated) new pods have been updated...", true)
        }
        let update = object[path: "status", "updateRevision"]?.string ?? ""
        let current = object[path: "status", "currentRevision"]?.string ?? ""
        guard update == current else {
            return (
                "waiting for statefulset rolling update to complete \(updated) pods at revision \(update)...",
                false
            )
        }
        let count = number(object, "status", "currentReplicas")
        return ("statefulset rolling update complete \(count) pods at revision \(current)...", true)
    }
}
