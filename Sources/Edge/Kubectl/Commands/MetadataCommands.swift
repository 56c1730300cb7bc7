internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl label` and `kubectl annotate`, which differ in the map that they change.
enum MetadataCommands {
    static let label = spec(
        Map(field: "labels", noun: "label", done: "labeled"), "label", "Update the labels on a resource",
        examples: ["kubectl label pods foo unhealthy=true", "kubectl label pods foo bar-"])

    static let annotate = spec(
        Map(field: "annotations", noun: "annotation", done: "annotated"), "annotate",
        "Update the annotations on a resource",
        examples: [
            "kubectl annotate pods foo description='my frontend'", "kubectl annotate pods foo description-",
        ])

    private struct Map: Sendable {
        let field: String
        let noun: String
        let done: String
    }

    private static func spec(
        _ map: Map, _ name: String, _ summary: String, examples: [String]
    ) -> CommandSpec {
        CommandSpec(
            name, summary,
            usage:
                "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
            examples: examples,
            flags: FlagSets.filename + FlagSets.output + [
                FlagSets.all("Take all objects of the types in the namespace."), FlagSets.allNamespaces,
                FlagSets.dryRun, FlagSets.fieldManager("kubectl-\(name)"), FlagSets.fieldSelector,
                FlagSets.local, FlagSets.selector, FlagSets.record,
                FlagSpec("list", nil, .bool, "Show the \(map.field) of the objects."),
                FlagSpec("overwrite", nil, .bool, "Replace values that are there."),
                FlagSpec("resource-version", nil, .string, "Change only if this is the version now."),
            ], run: { try await run($0, map) })
    }

    private struct Changes {
        var resources: [String] = []
        var set: [(key: String, value: String)] = []
        var removed: [String] = []
    }

    /// Types and names come first, then pairs and keys with a minus behind.
    private static func changes(_ call: Invocation, _ map: Map) throws -> Changes {
        var changes = Changes()
        for argument in call.arguments {
            let isChange = (argument.contains("=") && argument.first != "=") || argument.hasSuffix("-")
            if !isChange
                || (changes.resources.isEmpty && !argument.contains("=") && !call.flags.isSet("filename"))
            {
                guard changes.set.isEmpty, changes.removed.isEmpty else {
                    throw KubectlError(
                        "all resources must be specified before \(map.noun) changes: \(argument)")
                }
                changes.resources.append(argument)
            } else if let (key, value) = argument.split(atFirst: "=") {
                changes.set.append((key, value))
            } else {
                changes.removed.append(String(argument.dropLast()))
            }
        }
        let both = changes.set.map(\.key).filter(changes.removed.contains)
        if let key = both.first {
            throw KubectlError("can not both modify and remove a \(map.noun) in the same command: \(key)")
        }
        return changes
    }

    private static func run(_ call: Invocation, _ map: Map) async throws {
        let changes = try changes(call, map)
        let isListing = call.flags.bool("list")
        if changes.resources.isEmpty, !call.flags.isSet("filename") {
            throw KubectlError(
                "one or more resources must be specified as <resource> <name> or <resource>/<name>")
        }
        if changes.set.isEmpty, changes.removed.isEmpty, !isListing {
            throw KubectlError("at least one \(map.noun) update is required")
        }
        try validate(changes, map)
        let dryRun = try DryRun(call)
        let query = ResourceQuery(call, arguments: changes.resources)
        let isLocal = call.flags.bool("local")
        let infos =
            isLocal
            ? try await query.manifests(call.session) : try await query.fetchAll(call.session)
        if infos.count > 1, !call.flags.string("resource-version").isEmpty {
            throw KubectlError("--resource-version may only be used with a single resource")
        }
        var printer = try ChangePrinter(call, dryRun)
        try await forEachCollectingErrors(infos) { info in
            if isListing, changes.set.isEmpty, changes.removed.isEmpty {
                return list(call, info, map, isAlone: infos.count == 1)
            }
            let (changed, operation) = try await apply(
                call, info, changes, map, dryRun: isLocal ? .client : dryRun)
            if isListing { list(call, changed, map, isAlone: infos.count == 1) }
            try printer.show(changed, operation)
        }
    }

    private static func validate(_ changes: Changes, _ map: Map) throws {
        guard map.field == "labels" else { return }
        for (key, value) in changes.set {
            let problems = Names.labelValue(value)
            guard problems.isEmpty else {
                throw KubectlError(
                    "invalid label value: \(goQuoted("\(key)=\(value)")): \(problems.joined(separator: ";"))")
            }
        }
    }

    private static func list(_ call: Invocation, _ info: ResourceInfo, _ map: Map, isAlone: Bool) {
        let members = info.content[path: "metadata", map.field]?.object?.sortedMembers ?? []
        var indent = ""
        if !isAlone {
            call.line(
                "Listing \(map.field) for \(info.resource.kind).\(info.resource.apiVersion)/\(info.name):")
            indent = " "
        }
        for member in members { call.line("\(indent)\(member.key)=\(member.value.string ?? "")") }
    }

    private static func apply(
        _ call: Invocation, _ info: ResourceInfo, _ changes: Changes, _ map: Map, dryRun: DryRun
    ) async throws -> (ResourceInfo, String) {
        var object = info.content
        let old = object
        if !call.flags.bool("overwrite") {
            for (key, value) in changes.set {
                if let present = object[path: "metadata", map.field]?[key]?.string, present != value {
                    throw KubectlError(
                        map.field == "labels"
                            ? "'\(key)' already has a value (\(present)), and --overwrite is false"
                            : "--overwrite is false but found the following declared annotation(s): "
                                + "'\(key)' already has a value (\(present))")
                }
            }
        }
        for (key, value) in changes.set { object[path: "metadata", map.field, key] = .string(value) }
        for key in changes.removed {
            if object[path: "metadata", map.field]?[key] == nil {
                if map.field == "labels" { call.line("label \(goQuoted(key)) not found.") }
            } else {
                object[path: "metadata", map.field, key] = nil
            }
        }
        var operation = map.done
        if map.field == "labels" {
            if object == old { operation = "not labeled" }
            if object != old, changes.set.isEmpty { operation = "unlabeled" }
        }
        let version = call.flags.string("resource-version")
        if object == old, version.isEmpty { return (info, operation) }
        var changed = info
        changed.object = object
        guard dryRun != .client else { return (changed, operation) }
        var patch = JSONValue.object(MergePatch.difference(from: old.json, to: object.json))
        if !version.isEmpty { patch[path: "metadata", "resourceVersion"] = .string(version) }
        let answer = try await call.session.resources()
            .patch(info, .merge, patch, options: try call.writeOptions(dryRun))
        return (info.refreshed(answer), operation)
    }
}
