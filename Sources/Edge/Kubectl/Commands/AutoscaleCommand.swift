internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl autoscale`
enum AutoscaleCommand {
    static let spec = CommandSpec(
        "autoscale", "Auto-scale a deployment, replica set, stateful set, or replication controller",
        usage: "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]",
        examples: ["kubectl autoscale deployment foo --min=2 --max=10 --cpu-percent=80"],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.dryRun, FlagSets.fieldManager("kubectl-autoscale"),
            FlagSpec("cpu-percent", nil, .int, default: "-1", "Target average use of requested CPU."),
            FlagSpec("max", nil, .int, default: "-1", "Most pods."),
            FlagSpec("min", nil, .int, default: "-1", "Fewest pods."),
            FlagSpec("name", nil, .string, "Name of the autoscaler; else that of what it scales."),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let (maximum, minimum) = (call.flags.int("max"), call.flags.int("min"))
        guard maximum >= 1 else {
            throw KubectlError("--max=MAXPODS is required and must be at least 1, max: \(maximum)")
        }
        guard maximum >= minimum else {
            throw KubectlError(
                "--max=MAXPODS must be larger or equal to --min=MINPODS, max: \(maximum), min: \(minimum)")
        }
        let cpu = call.flags.int("cpu-percent")
        for info in try await ResourceQuery(call).fetchAll(call.session) {
            guard info.resource.subresources.contains("scale") else {
                throw KubectlError("cannot autoscale a \(info.resource.kind): it has no scale subresource")
            }
            let name = call.flags.string("name")
            var value = JSONValue.object(
                "autoscaling/v2", "HorizontalPodAutoscaler", name: name.isEmpty ? info.name : name)
            var spec: JSONValue = ["maxReplicas": .int(Int64(maximum))]
            if cpu >= 0 {
                spec["metrics"] = [
                    [
                        "resource": [
                            "name": "cpu",
                            "target": ["averageUtilization": .int(Int64(cpu)), "type": "Utilization"],
                        ], "type": "Resource",
                    ]
                ]
            }
            if minimum > 0 { spec["minReplicas"] = .int(Int64(minimum)) }
            spec["scaleTargetRef"] = [
                "apiVersion": .string(info.resource.apiVersion), "kind": .string(info.resource.kind),
                "name": .string(info.name),
            ]
            value["spec"] = spec
            value["status"] = ["currentMetrics": nil, "desiredReplicas": 0]
            try await create(call, value)
        }
    }

    private static func create(_ call: Invocation, _ value: JSONValue) async throws {
        let dryRun = try DryRun(call)
        let resource = try APIResource.builtIn(
            apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler")
        var info = ResourceInfo(
            resource: resource, namespace: try call.session.namespace(),
            name: value.at("metadata", "name")?.string ?? ""
        ).refreshed(value)
        if call.flags.bool("save-config") { info.object = LastApplied.annotated(info.content) }
        if dryRun != .client {
            info = info.refreshed(
                try await call.session.resources().create(
                    info, info.content.value, options: try call.writeOptions(dryRun)))
        }
        var printer = try ChangePrinter(call, dryRun)
        try printer.show(info, "autoscaled")
    }
}
