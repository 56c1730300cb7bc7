internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl set env`
enum SetEnv {
    static let spec = CommandSpec(
        "env", "Update environment variables on a pod template",
        usage: "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
        examples: [
            "kubectl set env deployment/registry STORAGE_DIR=/local",
            "kubectl set env deployment/registry ENV-",
            "kubectl set env deployment/web --list",
            "kubectl set env --from=configmap/myconfig deployment/web",
        ],
        flags: SetCommand.flags + [
            FlagSpec("containers", "c", .string, default: "*", "Containers to change; wildcards allowed."),
            FlagSpec("env", "e", .stringArray, "Variable to set: NAME=value."),
            FlagSpec("from", nil, .string, "configmap/NAME or secret/NAME to take the variables from."),
            FlagSpec("keys", nil, .strings, "Only these keys of --from."),
            FlagSpec("list", nil, .bool, "Show the variables."),
            FlagSpec("overwrite", nil, .bool, default: "true", "Replace variables that are there."),
            FlagSpec("prefix", nil, .string, "Prefix for the names of variables of --from."),
            .refused("resolve", nil, .bool, "look at the object that the variable refers to"),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        var resources: [String] = []
        var set: [JSONValue] = []
        var removed: [String] = []
        for argument in call.arguments + call.flags.strings("env") {
            if let (name, value) = argument.split(atFirst: "="), !name.isEmpty {
                set.append(["name": .string(name), "value": .string(value)])
            } else if argument.hasSuffix("-"), argument.count > 1, !resources.isEmpty {
                removed.append(String(argument.dropLast()))
            } else {
                resources.append(argument)
            }
        }
        if resources.isEmpty, !call.flags.isSet("filename") {
            throw KubectlError(
                "one or more resources must be specified as <resource> <name> or <resource>/<name>")
        }
        if let from = call.flags.given("from") { set += try await references(call, from) }
        let isListing = call.flags.bool("list")
        guard isListing || !set.isEmpty || !removed.isEmpty else {
            throw KubectlError("at least one environment variable must be provided")
        }
        if isListing { return try await list(call, resources) }
        let variables = set
        try await SetCommand.update(call, resources: resources, done: "env updated") { object, info in
            var spec = try SetCommand.podSpec(object)
            let hasFound = try spec.updateContainers(named: [call.flags.string("containers")]) { container in
                try change(&container, variables, removed, overwrites: call.flags.bool("overwrite"))
            }
            guard hasFound else {
                throw KubectlError(
                    "\(info.displayName) does not have any containers matching "
                        + goQuoted(call.flags.string("containers")))
            }
            try SetCommand.setPodSpec(spec, in: &object)
        }
    }

    private static func change(
        _ container: inout JSONValue, _ set: [JSONValue], _ removed: [String], overwrites: Bool
    ) throws {
        var variables = container["env"]?.array ?? []
        for variable in set {
            if let place = variables.firstIndex(where: { $0["name"] == variable["name"] }) {
                guard overwrites else {
                    throw KubectlError(
                        "'\(variable["name"]?.string ?? "")' already has a value, and --overwrite is false")
                }
                variables[place] = variable
            } else {
                variables.append(variable)
            }
        }
        variables.removeAll { removed.contains($0["name"]?.string ?? "") }
        container["env"] = variables.isEmpty ? nil : .array(variables)
    }

    /// One variable for each key of a ConfigMap or Secret.
    private static func references(_ call: Invocation, _ from: String) async throws -> [JSONValue] {
        let query = ResourceQuery(call, arguments: [from])
        guard let source = try await query.fetchAll(call.session).first else { return [] }
        let member: String
        switch source.content.kind {
        case "ConfigMap": member = "configMapKeyRef"
        case "Secret": member = "secretKeyRef"
        default: throw KubectlError("unsupported resource specified in --from")
        }
        let wanted = call.flags.strings("keys")
        return (source.content["data"]?.object?.sortedMembers ?? []).map(\.key)
            .filter { wanted.isEmpty || wanted.contains($0) }
            .map { key in
                let name =
                    call.flags.string("prefix")
                    + String(
                        key.uppercased().map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
                if name != key { call.warn("key \(key) transferred to \(name)") }
                let reference: JSONValue = ["key": .string(key), "name": .string(source.name)]
                return [
                    "name": .string(name), "valueFrom": .object(JSONObject([(member, reference)])),
                ]
            }
    }

    private static func list(_ call: Invocation, _ resources: [String]) async throws {
        for info in try await ResourceQuery(call, arguments: resources).fetchAll(call.session) {
            let spec = try SetCommand.podSpec(info.content)
            let pattern = call.flags.string("containers")
            for list in ["containers", "initContainers"] {
                for container in spec[list]?.array ?? []
                where GlobPattern.matches(pattern, container["name"]?.string ?? "") {
                    Self.list(call, info, container)
                }
            }
        }
    }

    private static func list(_ call: Invocation, _ info: ResourceInfo, _ container: JSONValue) {
        call.line("# \(info.resource.kind) \(info.name), container \(container["name"]?.string ?? "")")
        for variable in container["env"]?.array ?? [] {
            let name = variable["name"]?.string ?? ""
            if let source = variable["valueFrom"] {
                call.line("# \(name) from \(describe(source))")
            } else {
                call.line("\(name)=\(variable["value"]?.string ?? "")")
            }
        }
    }

    private static func describe(_ source: JSONValue) -> String {
        if let field = source["fieldRef"] { return "field path \(field["fieldPath"]?.string ?? "")" }
        if let field = source["resourceFieldRef"] {
            return "resource field \(field["resource"]?.string ?? "")"
        }
        for (member, kind) in [("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")] {
            guard let reference = source[member] else { continue }
            return "\(kind) \(reference["name"]?.string ?? ""), key \(reference["key"]?.string ?? "")"
        }
        return "an unknown source"
    }
}
