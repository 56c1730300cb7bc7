internal import ArgumentParser

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of edge and of the Kubernetes API that it speaks.")

    func run() throws {
        HostSetup.writeLine("edge version \(EdgeVersion.git) (\(EdgeVersion.platform))")
    }
}
