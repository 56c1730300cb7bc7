internal import ArgumentParser
internal import EdgeHost
internal import EdgeSystem
internal import Glibc

struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove edge from this host with all that it has made.",
        discussion: """
            Ends the pods, removes edge's interfaces, routes, nf_tables table, cgroups, mounts and files, and what \
            install.sh has made. Works also when edge does not run. Kernel settings stay as they are.
            """)

    @OptionGroup var host: HostOptions

    @Flag(help: "Keep the data directory: the cluster's state, images and volumes.")
    var keepData = false

    @Flag(name: [.long, .customShort("y")], help: "Do not ask.")
    var yes = false

    func run() async throws {
        guard getuid() == 0 else { throw CommandFailure("uninstall: must be run as root") }
        let location = try HostLocation(host)
        let removal = HostRemoval(location: location, keepsData: keepData)
        if !yes { try confirm(removal.summary) }
        let outcome = try await removal.run()
        for note in outcome.notes { HostSetup.writeLine("note: \(note)") }
        guard outcome.failures.isEmpty else {
            throw CommandFailure(
                "not everything could be removed:\n  " + outcome.failures.joined(separator: "\n  "))
        }
        HostSetup.writeLine("edge is removed")
    }

    private func confirm(_ summary: [String]) throws {
        HostSetup.writeLine("This ends all pods of this host and removes:")
        for line in summary { HostSetup.writeLine("  \(line)") }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure("uninstall: nothing was removed; say --yes to go ahead")
        }
        HostSetup.write(Array("Go ahead? [y/N] ".utf8), to: STDOUT_FILENO)
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure("uninstall: nothing was removed")
        }
    }
}
