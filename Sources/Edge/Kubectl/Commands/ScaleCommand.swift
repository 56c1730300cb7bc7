internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl scale`
enum ScaleCommand {
    static let spec = CommandSpec(
        "scale", "Set a new size for a deployment, replica set, or replication controller",
        usage:
            "[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
        examples: [
            "kubectl scale --replicas=3 deployment/web",
            "kubectl scale --current-replicas=2 --replicas=3 rs/foo",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.dryRun, FlagSets.selector, FlagSets.all("Scale all objects of the types."),
            FlagSpec("current-replicas", nil, .int, default: "-1", "Scale only if this is the size now."),
            FlagSpec("replicas", nil, .int, default: "-1", "The new size."),
            FlagSpec("resource-version", nil, .string, "Scale only if this is the version now."),
            FlagSpec(
                "timeout", nil, .duration, default: "0s", "How long to wait for the new size; 0: do not."),
            FlagSets.record,
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let replicas = call.flags.int("replicas")
        guard call.flags.isSet("replicas"), replicas >= 0 else {
            throw KubectlError(
                call.flags.isSet("replicas")
                    ? "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
                    : "required flag(s) \"replicas\" not set")
        }
        let current = call.flags.int("current-replicas")
        if current < -1 {
            throw KubectlError("The --current-replicas must specify an integer of -1 or greater")
        }
        let dryRun = try DryRun(call)
        let fetched = try await ResourceQuery(call).fetch(call.session)
        let infos = fetched.infos
        guard !infos.isEmpty else {
            throw KubectlError(
                "no objects passed to scale " + fetched.errors.map { "\($0)" }.joined(separator: ", "))
        }
        if infos.count > 1, !call.flags.string("resource-version").isEmpty {
            throw KubectlError("cannot use --resource-version with multiple resources")
        }
        var printer = try ChangePrinter(call, dryRun)
        for info in infos {
            let scaled = try await scale(call, info, replicas, dryRun)
            try printer.show(scaled, "scaled")
        }
        try KubectlErrors.throwIfAny(fetched.errors)
    }

    private static func scale(
        _ call: Invocation, _ info: ResourceInfo, _ replicas: Int, _ dryRun: DryRun
    ) async throws -> ResourceInfo {
        let client = try call.session.resources()
        var info = info
        let expected = call.flags.int("current-replicas")
        let version = call.flags.string("resource-version")
        if expected >= 0 || !version.isEmpty {
            let scale = try await client.get(info, subresource: "scale")
            let now = scale.at("spec", "replicas")?.int ?? 0
            if expected >= 0, now != Int64(expected) {
                throw KubectlError("Expected replicas to be \(expected), was \(now)")
            }
            let found = scale.at("metadata", "resourceVersion")?.string ?? ""
            if !version.isEmpty, found != version {
                throw KubectlError("Expected resource version to be \(version), was \(found)")
            }
        }
        guard dryRun != .client else {
            info.object?[path: "spec", "replicas"] = .int(Int64(replicas))
            return info
        }
        let patch: JSONValue = ["spec": ["replicas": .int(Int64(replicas))]]
        _ = try await client.patch(
            info, .merge, patch, subresource: "scale", options: .init(isServerDryRun: dryRun == .server))
        let timeout = call.flags.duration("timeout")
        if dryRun == .none, timeout > .zero { try await waitForSize(call, info, replicas, timeout) }
        if dryRun == .none, call.flags.isSet("output") { info = info.refreshed(try await client.get(info)) }
        return info
    }

    private static func waitForSize(
        _ call: Invocation, _ info: ResourceInfo, _ replicas: Int, _ timeout: Duration
    ) async throws {
        let client = try call.session.resources()
        try await withTimeout(timeout, sleep: call.environment.sleep) {
            KubectlError("timed out waiting for \(goQuoted(info.name)) to be synced")
        } _: {
            try await client.follow(info) { object in
                guard let object else { throw KubectlError("\(info.displayName) was deleted while scaling") }
                let status = object["status"]
                return status?["replicas"]?.int ?? 0 == Int64(replicas)
                    && status?["observedGeneration"]?.int ?? 0 >= object.generation
            }
        }
    }
}
