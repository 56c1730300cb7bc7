internal import ArgumentParser

/// `edge <command> ...`.
@main
struct EdgeMain {
    static func main() async {
        if let arguments = KubectlCommand.arguments(of: CommandLine.arguments) {
            HostSetup.exit(await KubectlCommand.run(arguments))
        }
        HostSetup.prepareProcess()
        let arguments = Array(CommandLine.arguments.dropFirst())
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
