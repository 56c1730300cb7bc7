internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl describe`
enum DescribeCommand {
    static let spec = CommandSpec(
        "describe", "Show details of a specific resource or group of resources",
        usage: "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
        examples: [
            "kubectl describe nodes kubernetes-node-1", "kubectl describe pods/nginx",
            "kubectl describe pods -l name=myLabel",
        ],
        flags: FlagSets.filename + [
            FlagSets.allNamespaces, FlagSets.chunkSize, FlagSets.selector,
            FlagSpec("show-events", nil, .bool, default: "true", "Show the events about the object."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard !call.arguments.isEmpty || call.flags.isSet("filename") else {
            throw KubectlError(
                "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete "
                    + "list of supported resources.")
        }
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        var isByPrefix = false
        var fetched = try await query.fetch(call.session)
        if fetched.infos.isEmpty, fetched.errors.contains(where: GetCommand.isNotFound),
            call.arguments.count == 2
        {
            // No object has the name: those whose names begin with it.
            let matching = try await byPrefix(call)
            if !matching.isEmpty {
                fetched.infos = matching
                fetched.errors = []
                isByPrefix = true
            }
        }
        var isFirst = true
        for info in fetched.infos {
            let text = try await Describer(
                info: info, session: call.session, showsEvents: call.flags.bool("show-events"),
                chunkSize: call.flags.int("chunk-size")
            ).text()
            if isByPrefix {
                call.write(text + "\n")
            } else {
                call.write(isFirst ? text : "\n\n" + text)
            }
            isFirst = false
        }
        if fetched.infos.isEmpty, fetched.errors.isEmpty {
            call.errorLine(
                call.flags.bool("all-namespaces")
                    ? "No resources found"
                    : "No resources found in \(try call.session.namespace()) namespace.")
        }
        try KubectlErrors.throwIfAny(fetched.errors)
    }

    private static func byPrefix(_ call: Invocation) async throws -> [ResourceInfo] {
        var query = ResourceQuery(call, arguments: [call.arguments[0]])
        query.typeAloneMeansAll = true
        let prefix = call.arguments[1]
        return try await query.fetchAll(call.session).filter { $0.name.hasPrefix(prefix) }
    }
}
