internal import ArgumentParser

/// `edge <command> ...`.
@main
struct EdgeMain {
    static func main() {
        if let arguments = KubectlCommand.arguments(of: CommandLine.arguments) {
            runToEnd { HostSetup.exit(await KubectlCommand.run(arguments)) }
        }
        HostSetup.prepareProcess()
        let arguments = Array(CommandLine.arguments.dropFirst())
        reportingFailure {
            var command = try EdgeCommand.parseAsRoot(try ConfiguredArguments.expand(arguments))
            guard let asynchronous = command as? any AsyncParsableCommand else { return try command.run() }
            runToEnd { [asynchronous = Parsed(command: asynchronous)] in
                var command = asynchronous.command
                do { try await command.run() } catch { exit(error) }
                HostSetup.exit(0)
            }
        }
    }

    /// Hands a command that only its task uses from here on to that task.
    private struct Parsed: @unchecked Sendable {
        let command: any AsyncParsableCommand
    }

    /// Runs the body, which ends the process, on the pool. The main thread waits: an asynchronous `main` would end
    /// that thread by unwinding it, for which the release build has no tables. What is done without the pool
    /// needs no /proc either.
    private static func runToEnd(_ body: @escaping @Sendable () async -> Void) -> Never {
        Task.detached { await body() }
        HostSetup.parkThread()
    }

    private static func reportingFailure(_ body: () throws -> Void) {
        do { try body() } catch { exit(error) }
    }

    private static func exit(_ error: any Error) -> Never {
        if let failure = error as? CommandFailure { HostSetup.exit(withError: failure.description) }
        EdgeCommand.exit(withError: error)
    }
}
