internal import ArgumentParser
internal import EdgeHost
internal import EdgeJSON

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "End the pods of this host with their grace periods, then edge.",
        discussion: "A restart of edge, or SIGTERM, leaves pods running; this does not.")

    @OptionGroup var host: HostOptions

    @Option(help: "Seconds that pods get to end at most, instead of their own grace periods.")
    var grace: Int?

    @Flag(help: "End the pods only, for a service manager that then ends edge itself.")
    var podsOnly = false

    func run() async throws {
        let location = try HostLocation(host)
        guard try await HostStopper(location: location).stop(grace: grace, podsOnly: podsOnly) else {
            HostSetup.writeLine("edge is not running")
            return
        }
        HostSetup.writeLine(podsOnly ? "pods stopped" : "edge stopped")
    }
}
