internal import EdgeRuntime
internal import EdgeSystem

/// Runs one container after the other through edge's runtime and prints, for each, the milliseconds from the request
/// for its sandbox to the removal of the last trace, and of those the ones that the container alone took.
///
///     runtime-bench <directory> <cgroup> <root file system> <count> <command>...
@main
struct RuntimeBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 5, let count = Int(arguments[4]) else {
            throw Failure(
                description: "usage: runtime-bench <directory> <cgroup> <root> <count> <command>...")
        }
        let directory = arguments[1]
        let root = Cgroup(layout: try CgroupLayout.detect(), path: arguments[2])
        try root.create(parentOfOthers: true)
        let service = try RuntimeService(
            RuntimeConfiguration(
                runDirectory: directory + "/run", containerDirectory: directory + "/containers",
                cgroupRoot: root), reactor: try Reactor())
        try await service.start()
        var config = ContainerConfig(
            name: "main", root: .directory(arguments[3]), arguments: Array(arguments[5...]))
        config.environment = ["PATH=/bin"]
        config.resources.memory = 64 << 20
        config.resources.pids = 100
        var report = ""
        for number in 0..<count {
            let times = try await round(service, config, directory, number)
            report += "\(milliseconds(times.all)) \(milliseconds(times.container))\n"
        }
        service.disconnect()
        try root.remove()
        try File.write(Array(report.utf8), to: directory + "/times")
    }

    private static func round(
        _ service: RuntimeService, _ config: ContainerConfig, _ directory: String, _ number: Int
    ) async throws -> (all: Duration, container: Duration) {
        let clock = ContinuousClock()
        let begin = clock.now
        let sandbox = try await service.runPodSandbox(
            PodSandboxConfig(
                name: "bench", namespace: "default", uid: "bench-\(number)",
                logDirectory: directory + "/logs",
                cgroup: "kubepods/podbench\(number)"))
        let created = clock.now
        let id = try await service.createContainer(config, in: sandbox.id)
        try await service.startContainer(id)
        await service.waitForExit(id)
        try await service.removeContainer(id)
        let removed = clock.now
        try await service.removePodSandbox(sandbox.id)
        return (clock.now - begin, removed - created)
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
