internal import ArgumentParser

/// `edge <command> ...`, or kubectl when called by that name through a link.
@main
struct EdgeMain {
    static func main() async {
        HostSetup.prepareProcess()
        var arguments = CommandLine.arguments
        let program = arguments.isEmpty ? "edge" : arguments.removeFirst()
        if program.split(separator: "/").last == "kubectl" { await KubectlCommand.run(arguments) }
        if arguments.first == "kubectl" { await KubectlCommand.run(Array(arguments.dropFirst())) }
        do {
            var command = try EdgeCommand.parseAsRoot(try ConfiguredArguments.expand(arguments))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            HostSetup.exit(withError: failure.description)
        } catch {
            EdgeCommand.exit(withError: error)
        }
    }
}
