internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl taint`
enum TaintCommand {
    static let spec = CommandSpec(
        "taint", "Update the taints on one or more nodes",
        usage: "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
        examples: [
            "kubectl taint nodes foo dedicated=special-user:NoSchedule", "kubectl taint nodes foo dedicated-",
        ],
        flags: FlagSets.output + [
            FlagSets.all("Take all nodes."), FlagSets.dryRun, FlagSets.fieldManager("kubectl-taint"),
            FlagSets.selector, FlagSets.validate,
            FlagSpec("overwrite", nil, .bool, "Replace taints that are there."),
        ], run: run)

    private struct Taint: Equatable {
        var key: String
        var value: String
        var effect: String

        init(key: String, value: String, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }

        init(_ json: JSONValue) {
            key = json["key"]?.string ?? ""
            value = json["value"]?.string ?? ""
            effect = json["effect"]?.string ?? ""
        }

        var json: JSONValue {
            var json: JSONValue = ["effect": .string(effect), "key": .string(key)]
            if !value.isEmpty { json["value"] = .string(value) }
            return json
        }

        func hasPlace(of other: Taint) -> Bool { key == other.key && effect == other.effect }
    }

    private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    private static func parse(_ text: String) throws -> (taint: Taint, isRemoval: Bool) {
        let isRemoval = text.hasSuffix("-")
        let body = isRemoval ? String(text.dropLast()) : text
        let parts = body.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first, !first.isEmpty else {
            throw KubectlError("invalid taint spec: \(text)")
        }
        let (key, value) = first.split(atFirst: "=") ?? (first, "")
        let effect = parts.count > 1 ? parts[1] : ""
        if effect.isEmpty, !isRemoval { throw KubectlError("invalid taint spec: \(text)") }
        guard effect.isEmpty || effects.contains(effect) else {
            throw KubectlError("invalid taint effect: \(effect), unsupported taint effect")
        }
        return (Taint(key: key, value: value, effect: effect), isRemoval)
    }

    private static func run(_ call: Invocation) async throws {
        guard let type = call.arguments.first else {
            throw KubectlError("one or more resources must be specified as <resource> <name>")
        }
        let resource = try await call.session.mapper().resource(named: type)
        guard resource.kind == "Node", resource.group.isEmpty else {
            throw KubectlError("invalid resource type \(type), only node(s) is supported")
        }
        let rest = Array(call.arguments.dropFirst())
        let names = Array(rest.prefix { !$0.contains("=") && !$0.contains(":") && !$0.hasSuffix("-") })
        let changes = try rest.dropFirst(names.count).map(parse)
        guard !changes.isEmpty else { throw KubectlError("at least one taint update is required") }
        let dryRun = try DryRun(call)
        let infos = try await ResourceQuery(call, arguments: [type] + names).fetchAll(call.session)
        // kubectl does not say here that the run was dry.
        var printer = try ChangePrinter(call)
        try await forEachCollectingErrors(infos) { info in
            let (changed, operation) = try await apply(call, info, changes, dryRun)
            try printer.show(changed, operation)
        }
    }

    private static func apply(
        _ call: Invocation, _ info: ResourceInfo, _ changes: [(taint: Taint, isRemoval: Bool)],
        _ dryRun: DryRun
    ) async throws -> (ResourceInfo, String) {
        var taints = (info.content[path: "spec", "taints"]?.array ?? []).map(Taint.init)
        for (taint, isRemoval) in changes {
            if isRemoval {
                let count = taints.count
                taints.removeAll {
                    $0.key == taint.key && (taint.effect.isEmpty || $0.effect == taint.effect)
                }
                if taints.count == count {
                    throw KubectlError(
                        "taint \(goQuoted(taint.key + (taint.effect.isEmpty ? "" : ":" + taint.effect))) not found"
                    )
                }
                continue
            }
            if let place = taints.firstIndex(where: { $0.hasPlace(of: taint) }) {
                guard call.flags.bool("overwrite") else {
                    throw KubectlError(
                        "node \(info.name) already has \(taint.key) taint(s) with same effect(s) and "
                            + "--overwrite is false")
                }
                taints[place] = taint
            } else {
                taints.append(taint)
            }
        }
        let operation =
            changes.allSatisfy(\.isRemoval)
            ? "untainted" : changes.contains(where: \.isRemoval) ? "modified" : "tainted"
        var changed = info
        let list: JSONValue = taints.isEmpty ? .null : .array(taints.map(\.json))
        changed.object?[path: "spec", "taints"] = taints.isEmpty ? nil : list
        guard dryRun != .client else { return (changed, operation) }
        var patch: JSONValue = ["spec": ["taints": list]]
        patch[path: "metadata", "resourceVersion"] = .string(info.content.resourceVersion)
        let answer = try await call.session.resources()
            .patch(info, .merge, patch, options: try call.writeOptions(dryRun))
        return (info.refreshed(answer), operation)
    }
}
