/// One command in the table: its names, flags, help, and what runs it. A command has either subcommands or
/// a body, or both (`create` with and without a generator).
struct CommandSpec: Sendable {
    typealias Body = @Sendable (Invocation) async throws -> Void

    let name: String
    let aliases: [String]
    let summary: String
    /// What follows the command's path in the usage line: `(TYPE NAME | TYPE/NAME) [flags]`.
    let usage: String
    let examples: [String]
    let flags: [FlagSpec]
    let subcommands: [CommandSpec]
    let run: Body?
    /// Whether the body wants its arguments as they are, flags and all.
    let takesAnything: Bool

    init(
        _ name: String, aliases: [String] = [], _ summary: String, usage: String = "",
        examples: [String] = [],
        flags: [FlagSpec] = [], subcommands: [CommandSpec] = [], takesAnything: Bool = false,
        run: Body? = nil
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.usage = usage
        self.examples = examples
        self.flags = flags
        self.subcommands = subcommands
        self.run = run
        self.takesAnything = takesAnything
    }

    func subcommand(_ name: String) -> CommandSpec? {
        subcommands.first { $0.name == name || $0.aliases.contains(name) }
    }
}
