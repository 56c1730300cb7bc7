internal import EdgeJSON

/// `kubectl apply view-last-applied`
enum ApplyLastApplied {
    static let view = CommandSpec(
        "view-last-applied", "View the latest last-applied-configuration annotations of a resource/object",
        usage: "(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
        flags: FlagSets.filename + [
            FlagSets.selector, FlagSets.all("Take all objects of the type."),
            FlagSpec("output", "o", .string, default: "yaml", "yaml or json"),
        ],
        run: { call in
            for info in try await ResourceQuery(call).fetchAll(call.session) {
                guard let value = LastApplied.read(info.content) else {
                    throw KubectlError(
                        "no last-applied-configuration annotation found on resource: \(info.name)")
                }
                switch call.flags.string("output") {
                case "json": call.write(GoJSON.indented(value))
                case "yaml": call.write(YAML.write(value.sortedByKeys))
                case let other:
                    throw KubectlError.arguments(
                        "Unexpected -o output mode: \(other), the flag 'output' must be one of yaml|json")
                }
            }
        })

    static let refused = ["edit-last-applied", "set-last-applied"].map { name in
        CommandSpec(
            name, "Change the annotation that keeps what was applied", takesAnything: true,
            run: { _ in throw KubectlError.unsupported("apply \(name) (apply the manifest again)") })
    }
}
