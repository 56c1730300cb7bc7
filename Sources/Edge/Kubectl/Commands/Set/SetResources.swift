internal import EdgeJSON

/// `kubectl set resources`
enum SetResources {
    static let spec = CommandSpec(
        "resources", "Update resource requests/limits on objects with pod templates",
        usage: "(-f FILENAME | TYPE NAME) ([--limits=LIMITS] & [--requests=REQUESTS])",
        examples: ["kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi"],
        flags: SetCommand.flags + [
            FlagSpec("containers", "c", .string, default: "*", "Containers to change; wildcards allowed."),
            FlagSpec("limits", nil, .string, "Limits: cpu=200m,memory=512Mi."),
            FlagSpec("requests", nil, .string, "Requests: cpu=100m,memory=256Mi."),
        ],
        run: { call in
            let (limits, requests) = (call.flags.string("limits"), call.flags.string("requests"))
            guard !limits.isEmpty || !requests.isEmpty else {
                throw KubectlError(
                    "you must specify an update to requests or limits (in the form of --requests/--limits)")
            }
            let changes: [(String, JSONObject)] = try [("limits", limits), ("requests", requests)]
                .filter { !$0.1.isEmpty }
                .map { ($0.0, try CreateSimple.quantities($0.1).object ?? JSONObject()) }
            try await SetCommand.update(
                call, resources: call.arguments, done: "resource requirements updated"
            ) { object, _ in
                var spec = try SetCommand.podSpec(object)
                let hasFound = spec.updateContainers(
                    ["containers"], named: [call.flags.string("containers")]
                ) { container in
                    for (section, values) in changes {
                        for member in values {
                            // Zero takes the entry away.
                            container[path: "resources", section, member.key] =
                                member.value.string == "0" ? nil : member.value
                        }
                    }
                }
                guard hasFound else {
                    throw KubectlError("unable to find container named \(call.flags.string("containers"))")
                }
                try SetCommand.setPodSpec(spec, in: &object)
            }
        })
}
