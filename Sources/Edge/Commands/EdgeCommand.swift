internal import ArgumentParser

/// The commands that are built; others are not listed.
struct EdgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge", abstract: "Kubernetes in one small binary.",
        subcommands: [
            ServerCommand.self, AgentCommand.self, StatusCommand.self, DoctorCommand.self, StopCommand.self,
            ImageCommand.self, TokenCommand.self, SecretsEncryptCommand.self, UninstallCommand.self,
            VersionCommand.self,
        ])
}
