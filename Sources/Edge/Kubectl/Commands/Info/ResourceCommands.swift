internal import EdgeClient
internal import EdgeJSON

/// `kubectl api-resources` and `kubectl api-versions`
enum ResourceCommands {
    static let versions = CommandSpec(
        "api-versions", "Print the supported API versions on the server, in the form of \"group/version\"",
        run: { call in
            try call.noArguments()
            let discovery = try await call.session.mapper().discovery()
            for version in Set(discovery.groupVersions).sorted() { call.line(version) }
        })

    static let resources = CommandSpec(
        "api-resources", "Print the supported API resources on the server",
        examples: [
            "kubectl api-resources", "kubectl api-resources -o wide",
            "kubectl api-resources --namespaced=false",
        ],
        flags: [
            FlagSpec("api-group", nil, .string, "Only resources of this group."),
            FlagSpec("cached", nil, .bool, "Accepted: nothing is cached."),
            FlagSpec("categories", nil, .strings, "Only resources in these categories."),
            FlagSpec(
                "namespaced", nil, .bool, default: "true", "Only those that are, or are not, in namespaces."),
            FlagSpec("no-headers", nil, .bool, "Print no header line."),
            FlagSpec("output", "o", .string, "wide, name, json or yaml."),
            FlagSpec("sort-by", nil, .string, "name or kind."),
            FlagSpec("verbs", nil, .strings, "Only resources with these verbs."),
        ], run: listResources)

    private static func listResources(_ call: Invocation) async throws {
        try call.noArguments()
        let flags = call.flags
        let output = flags.string("output")
        guard ["", "wide", "name", "json", "yaml"].contains(output) else {
            throw KubectlError("--output \(output) is not available")
        }
        guard ["", "name", "kind"].contains(flags.string("sort-by")) else {
            throw KubectlError("--sort-by accepts only name or kind")
        }
        let discovery = try await call.session.mapper().discovery()
        let resources = sorted(try await call.session.mapper().preferredResources(), flags)
            .filter { shows($0, flags) }
        switch output {
        case "json", "yaml":
            let list = list(resources)
            call.write(
                output == "json" ? Array(GoJSON.indented(list).utf8) : YAML.write(list.sortedByKeys))
        case "name":
            for resource in resources { call.line(resource.qualifiedName) }
        default: printTable(call, resources, isWide: output == "wide")
        }
        let failures = discovery.failures.sorted { $0.key < $1.key }
        guard failures.isEmpty else {
            let text = failures.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            throw KubectlError("unable to retrieve the complete list of server APIs: \(text)")
        }
    }

    private static func shows(_ resource: APIResource, _ flags: ParsedFlags) -> Bool {
        if resource.verbs.isEmpty { return false }
        if flags.isSet("api-group"), resource.group != flags.string("api-group") { return false }
        if flags.isSet("namespaced"), resource.isNamespaced != flags.bool("namespaced") { return false }
        return flags.strings("verbs").allSatisfy(resource.verbs.contains)
            && flags.strings("categories").allSatisfy(resource.categories.contains)
    }

    /// By group and name, or as `--sort-by` says.
    private static func sorted(_ resources: [APIResource], _ flags: ParsedFlags) -> [APIResource] {
        switch flags.string("sort-by") {
        case "name": resources.sorted { $0.name < $1.name }
        case "kind": resources.sorted { $0.kind < $1.kind }
        default: resources.sorted { ($0.group, $0.name) < ($1.group, $1.name) }
        }
    }

    private static func printTable(_ call: Invocation, _ resources: [APIResource], isWide: Bool) {
        var writer = TabWriter.forTables()
        if !call.flags.bool("no-headers") {
            writer.add(
                cells: ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
                    + (isWide ? ["VERBS", "CATEGORIES"] : []))
        }
        for resource in resources {
            var cells = [
                resource.name, resource.shortNames.joined(separator: ","), resource.apiVersion,
                resource.isNamespaced ? "true" : "false", resource.kind,
            ]
            if isWide {
                cells += [
                    resource.verbs.joined(separator: ","), resource.categories.joined(separator: ","),
                ]
            }
            writer.add(cells: cells)
        }
        call.write(writer.flush())
    }

    private static func list(_ resources: [APIResource]) -> JSONValue {
        let values = resources.map { resource -> JSONValue in
            var value: JSONValue = [
                "kind": .string(resource.kind), "name": .string(resource.name),
                "namespaced": .bool(resource.isNamespaced), "singularName": .string(resource.singularName),
                "verbs": .strings(resource.verbs), "version": .string(resource.version),
            ]
            if !resource.group.isEmpty { value["group"] = .string(resource.group) }
            if !resource.shortNames.isEmpty { value["shortNames"] = .strings(resource.shortNames) }
            if !resource.categories.isEmpty { value["categories"] = .strings(resource.categories) }
            return value
        }
        return [
            "apiVersion": "v1", "groupVersion": "", "kind": "APIResourceList", "resources": .array(values),
        ]
    }
}
