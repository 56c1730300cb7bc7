internal import ArgumentParser
internal import EdgeHost

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this host can run edge, and say how to fix what is missing.",
        discussion: "Changes nothing without --fix. Ends with 1 when edge cannot run here.",
        aliases: ["check-config"])

    @OptionGroup var host: HostOptions

    @Flag(help: "Fix what edge can fix itself.")
    var fix = false

    @Flag(help: "Show only what is not in order.")
    var quiet = false

    @Argument(
        parsing: .postTerminator,
        help: "Behind --: the command that edge would be started with, such as: server --data-dir /data.")
    var service: [String] = []

    func run() async throws {
        if !service.isEmpty {
            let environment = HostLocation.environment(of: try InstallRecord.read())
            _ = try EdgeCommand.parseAsRoot(
                try ConfiguredArguments.expand(service, environment: environment))
        }
        let location = try HostLocation(host, service: service)
        let findings = Doctor.examine(try await HostExamination(location: location).facts())
        for finding in findings where !quiet || finding.level > .ok {
            for line in finding.lines { HostSetup.writeLine(line) }
        }
        if fix { try repair(findings) }
        let failures = findings.filter { $0.level == .failure }.count
        if failures > 0 {
            throw CommandFailure(
                "this host cannot run edge yet: \(failures) \(failures == 1 ? "check" : "checks") failed")
        }
    }

    private func repair(_ findings: [Finding]) throws {
        let repairs = findings.compactMap(\.repair)
        if repairs.isEmpty { HostSetup.writeLine("fixed: nothing, since edge can fix none of this itself") }
        for repair in repairs { HostSetup.writeLine("fixed: \(try DoctorRepair.perform(repair))") }
    }
}
