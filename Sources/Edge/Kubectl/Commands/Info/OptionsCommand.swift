/// `kubectl options`, and the commands that are known but not built.
enum OptionsCommand {
    static let spec = CommandSpec(
        "options", "Print the list of flags inherited by all commands",
        run: { call in
            call.line("The following options can be passed to any command:\n")
            call.line(HelpWriter.options(GlobalFlags.specs.filter { $0.refusal == nil }))
        })

    /// Commands of Kubernetes' kubectl that are refused by name, with what to do instead.
    static let refused: [CommandSpec] = [
        refuse("kustomize", "Build a kustomization target from a directory or URL", "render it elsewhere"),
        refuse(
            "plugin", "Provides utilities for interacting with plugins", "call the plugin by its own name"),
        refuse("completion", "Output shell completion code", "see edge completion"),
        refuse(
            "proxy", "Run a proxy to the Kubernetes API server", "see get --raw, and port-forward for pods"),
        refuse("alpha", "Commands for features in alpha", "there are none"),
    ]

    private static func refuse(_ name: String, _ summary: String, _ hint: String) -> CommandSpec {
        CommandSpec(
            name, summary, takesAnything: true,
            run: { _ in
                throw KubectlError("the command \(goQuoted(name)) is not built into this kubectl (\(hint))")
            })
    }
}
