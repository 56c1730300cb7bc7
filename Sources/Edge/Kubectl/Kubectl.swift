internal import EdgeClient

/// Runs one kubectl command line (without the program's name) and returns its exit code. Never ends the
/// process itself.
public func kubectlMain(arguments: [String], environment: KubectlEnvironment) async -> Int32 {
    var path = "kubectl"
    do {
        let (spec, found, rest) = try CommandFinder.find(arguments)
        path = found
        try await Kubectl.run(spec, path: path, arguments: rest, environment: environment)
        return 0
    } catch {
        if let text = ErrorMessage.text(error, command: path), !text.isEmpty {
            environment.errors.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
        }
        return ErrorMessage.exitCode(error)
    }
}

enum Kubectl {
    static func run(
        _ spec: CommandSpec, path: String, arguments: [String], environment: KubectlEnvironment
    ) async throws {
        let flags = spec.flags + GlobalFlags.specs
        let parsed = try FlagParser.parse(spec.takesAnything ? [] : arguments, flags)
        func help() { environment.output.write(Array(HelpWriter.text(spec, path: path).utf8)) }
        if parsed.wantsHelp { return help() }
        guard let body = spec.run else {
            guard let unknown = parsed.arguments.first else {
                if ["kubectl", "kubectl certificate"].contains(path) { return help() }
                throw KubectlError.verbatim(HelpWriter.text(spec, path: path))
            }
            throw KubectlError.verbatim(
                "error: unknown command \(goQuoted(unknown))\nSee '\(path) -h' for help and examples")
        }
        // A flag that the command has for itself (`--user` of a binding) is none of the connection's.
        let globals = parsed.flags.without(spec.flags.map(\.name))
        let session = Session(environment: environment, globals: globals)
        let invocation = Invocation(
            spec: spec, path: path, flags: parsed.flags, arguments: parsed.arguments,
            dashIndex: parsed.dashIndex, session: session)
        try await body(invocation)
        try session.checkWarnings()
    }
}
