internal import ArgumentParser
internal import EdgeHost
internal import EdgeJSON

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell whether the edge of this host runs, and what runs on it.",
        discussion:
            "Ends with 0 when the node is Ready, with 1 when it is not, with 3 when edge does not run.")

    @OptionGroup var host: HostOptions

    @Flag(help: "Wait until the node is Ready.")
    var wait = false

    @Option(help: "How long to wait at most: 90s, 5m.")
    var timeout = "120s"

    func validate() throws {
        guard DurationText.parse(timeout) != nil else {
            throw ValidationError("--timeout must be a duration such as 90s, not \"\(timeout)\"")
        }
    }

    func run() async throws {
        let location = try HostLocation(host)
        let status = wait ? await waitUntilReady(location) : await HostStatus.ask(location)
        // What it has noted down since it started.
        for line in status.lines(try HostLocation(host)) { HostSetup.writeLine(line) }
        HostSetup.exit(status.exitCode)
    }

    /// Asks again and again: what it waits for, the first answer of a process that has yet to start, has no event.
    private func waitUntilReady(_ location: HostLocation) async -> HostStatus {
        let limit = DurationText.parse(timeout) ?? .seconds(120)
        let progress = ProgressLine()
        let begun = ContinuousClock.now
        while true {
            let status = await HostStatus.ask(location)
            let passed = begun.duration(to: .now)
            if status.isReady || passed >= limit {
                progress.end()
                return status
            }
            progress.show(
                "waiting for the node to be Ready: \(status.summary)", seconds: passed.components.seconds)
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}

/// What an edge says of itself.
struct HostStatus {
    private enum Answer {
        case ok(JSONValue, pods: [JSONValue])
        case notRunning
        /// It holds its directories but does not answer yet.
        case starting(Int32, String)
    }

    private let answer: Answer

    static func ask(_ location: HostLocation) async -> HostStatus {
        var pods: [JSONValue] = []
        do {
            let status = try await ControlClient.ask(
                location.layout.controlSocket, ControlRequest("status")
            ) { pods.append($0) }
            return HostStatus(answer: .ok(status, pods: pods))
        } catch {
            guard let process = location.runningProcess else { return HostStatus(answer: .notRunning) }
            let isQuiet = (error as? ControlError)?.code == .notRunning
            return HostStatus(answer: .starting(process, isQuiet ? "it is starting" : "\(error)"))
        }
    }

    var isReady: Bool {
        if case .ok(let status, _) = answer { status["ready"]?.bool == true } else { false }
    }

    var exitCode: Int32 {
        if case .notRunning = answer { 3 } else { isReady ? 0 : 1 }
    }

    /// For a progress line.
    var summary: String {
        switch answer {
        case .ok(let status, _): status["message"]?.string ?? "not ready"
        case .notRunning: "edge is not running"
        case .starting(_, let text): text
        }
    }

    func lines(_ location: HostLocation) -> [String] {
        switch answer {
        case .notRunning: return ["edge is not running (data in \(location.layout.data))"]
        case .starting(let process, let text): return ["edge runs as process \(process): \(text)"]
        case .ok(let status, let pods):
            var lines = [
                "edge \(status["version"]?.string ?? "?") runs as process \(status["pid"]?.int ?? 0)"
            ]
            if let node = status["node"]?.string {
                lines.append("node \(node): " + (isReady ? "Ready" : "NotReady: \(summary)"))
                lines.append("pods: \(pods.count)")
                lines += pods.map { pod in
                    let name = "\(pod["namespace"]?.string ?? "")/\(pod["name"]?.string ?? "")"
                    return "  \(name): \(pod["phase"]?.string ?? "Unknown")"
                }.sorted()
            } else {
                lines.append("server: \(isReady ? "ready" : "not ready"), no node on this host")
            }
            lines.append("data: \(location.layout.data)")
            if let record = location.record, let address = record.serverURL {
                lines.append("address: \(address)")
                lines += [record.kubeconfig.map { "kubeconfig: \($0)" }].compactMap { $0 }
                lines.append("token: \(location.layout.token)")
            }
            return lines
        }
    }
}
