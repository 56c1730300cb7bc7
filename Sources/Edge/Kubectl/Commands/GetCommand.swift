internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl get`
enum GetCommand {
    static let spec = CommandSpec(
        "get", "Display one or many resources", usage: "(TYPE[.GROUP] [NAME | -l label] | TYPE/NAME ...)",
        examples: [
            "kubectl get pods", "kubectl get pods -o wide", "kubectl get deployments.apps web -o yaml",
            "kubectl get pods,services -l app=web",
            "kubectl get nodes -o jsonpath='{.items[*].metadata.name}'",
        ],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.selector, FlagSets.fieldSelector, FlagSets.allNamespaces, FlagSets.chunkSize,
            FlagSpec("ignore-not-found", nil, .bool, "A missing object is no error."),
            FlagSpec("label-columns", "L", .strings, "Labels to show as columns."),
            FlagSpec("no-headers", nil, .bool, "Print no header line."),
            FlagSpec("output-watch-events", nil, .bool, "With --watch, show the type of each event."),
            FlagSpec("raw", nil, .string, "Path to request from the server as it is."),
            FlagSpec("server-print", nil, .bool, default: "true", "Let the server make the columns."),
            FlagSpec("show-kind", nil, .bool, "Put the type before each name."),
            FlagSpec("show-labels", nil, .bool, "Show all labels in the last column."),
            FlagSpec(
                "sort-by", nil, .string, "JSONPath of the field to sort by: .metadata.creationTimestamp."),
            FlagSpec("subresource", nil, .string, "Subresource to get: status, scale."),
            FlagSpec("watch", "w", .bool, "After the list, show what changes."),
            FlagSpec("watch-only", nil, .bool, "Show only what changes."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        try validate(call)
        if let raw = call.flags.given("raw"), !raw.isEmpty { return try await getRaw(call, raw) }
        if call.flags.bool("watch") || call.flags.bool("watch-only") {
            return try await GetWatcher(call).run()
        }
        guard !call.arguments.isEmpty || call.flags.isSet("filename") else {
            call.errorLine(
                "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete "
                    + "list of supported resources.\n")
            throw KubectlError.arguments(
                "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed "
                    + "description of that resource (e.g. kubectl explain pods).")
        }
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        if !call.flags.string("sort-by").isEmpty { query.chunkSize = 0 }
        if let printer = try ObjectPrinter(call.flags) {
            try await printObjects(call, query, printer)
        } else {
            try await GetTables(call, query).run()
        }
    }

    private static func validate(_ call: Invocation) throws {
        let flags = call.flags
        let output = flags.string("output")
        if !flags.string("raw").isEmpty {
            if flags.bool("watch") || flags.bool("watch-only") || flags.isSet("selector") {
                throw KubectlError(
                    "--raw may not be specified with other flags that filter the server request or alter the output"
                )
            }
            if !output.isEmpty { throw KubectlError("--raw and --output are mutually exclusive") }
        }
        if flags.bool("show-labels"), !output.isEmpty, output != "wide" {
            throw KubectlError("--show-labels option cannot be used with \(output) printer")
        }
        if flags.isSet("label-columns"), output.hasPrefix("custom-columns") {
            throw KubectlError("--label-columns option cannot be used with \(output) printer")
        }
        if flags.bool("output-watch-events"), !flags.bool("watch"), !flags.bool("watch-only") {
            throw KubectlError(
                "--output-watch-events option can only be used with --watch or --watch-only")
        }
    }

    private static func getRaw(_ call: Invocation, _ raw: String) async throws {
        guard raw.hasPrefix("/") else {
            throw KubectlError(
                "--raw must be a valid URL path: parse \(goQuoted(raw)): invalid URI for request")
        }
        let response = try await call.session.rest().send(RESTRequest("GET", raw))
        while let piece = try await response.body.next() { call.write(piece) }
    }

    /// Whole objects: one by itself, several in a List.
    private static func printObjects(
        _ call: Invocation, _ query: ResourceQuery, _ printer: ObjectPrinter
    ) async throws {
        let fetched = try await query.fetch(call.session, subresource: subresource(call))
        var errors = fetched.errors
        if call.flags.bool("ignore-not-found") { errors.removeAll(where: isNotFound) }
        if fetched.isSingleItem, let error = errors.first { throw error }
        if fetched.infos.isEmpty, call.flags.bool("ignore-not-found") {
            return try KubectlErrors.throwIfAny(errors)
        }
        var objects = fetched.infos.map(\.content.value)
        if let field = call.flags.given("sort-by"), !field.isEmpty {
            objects = try ObjectSorter(field).sorted(objects) { $0 }
        }
        if fetched.isSingleItem, let only = objects.first {
            call.write(try printer.text(only, resource: fetched.infos[0].resource))
        } else {
            call.write(try printer.text(ObjectPrinter.list(objects)))
        }
        try KubectlErrors.throwIfAny(errors)
    }

    static func subresource(_ call: Invocation) -> String? {
        let name = call.flags.string("subresource")
        return name.isEmpty ? nil : name
    }

    static func isNotFound(_ error: any Error) -> Bool {
        (error as? APIStatus)?.reason == .notFound
    }
}
