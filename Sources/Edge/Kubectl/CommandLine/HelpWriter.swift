/// Writes the help of a command from its spec.
enum HelpWriter {
    static func text(_ spec: CommandSpec, path: String) -> String {
        var sections: [String] = [spec.summary + (spec.summary.hasSuffix(".") ? "" : ".")]
        if !spec.examples.isEmpty {
            sections.append("Examples:\n" + spec.examples.map { "  \($0)" }.joined(separator: "\n"))
        }
        if !spec.subcommands.isEmpty {
            // Commands that are refused are not listed.
            let shown = spec.subcommands.filter {
                !CommandTable.refusedNames.contains($0.name) || path != "kubectl"
            }
            let width = max(16, (shown.map(\.name.count).max() ?? 0) + 2)
            let lines = shown.map { "  " + $0.name.rightPadded(width) + $0.summary }
            sections.append("Available Commands:\n" + lines.joined(separator: "\n"))
        }
        let flags = spec.flags.filter { $0.refusal == nil }.sorted { $0.name < $1.name }
        if !flags.isEmpty { sections.append("Options:\n" + options(flags)) }
        sections.append("Usage:\n  \(path)\(spec.usage.isEmpty ? "" : " " + spec.usage) [options]")
        if !spec.subcommands.isEmpty {
            sections.append("Use \"\(path) <command> --help\" for more information about a given command.")
        }
        sections.append(
            "Use \"kubectl options\" for a list of global command-line options (applies to all commands).")
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// One block for each flag, in the shape that kubectl prints.
    static func options(_ flags: [FlagSpec]) -> String {
        flags.map { flag in
            let short = flag.short.map { "-\($0), " } ?? ""
            let value =
                switch flag.kind {
                case .bool, .int, .duration: flag.defaultValue
                case .string: "'\(flag.defaultValue)'"
                case .strings, .stringArray: "[\(flag.defaultValue)]"
                }
            return "    \(short)--\(flag.name)=\(value):\n\t\(flag.help)"
        }.joined(separator: "\n\n")
    }
}
