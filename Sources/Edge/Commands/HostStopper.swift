internal import EdgeHost
internal import EdgeJSON
internal import EdgeSystem
internal import Glibc

/// Ends the edge of this host, however it was started.
struct HostStopper {
    let location: HostLocation

    /// Ends the pods and then edge. False if it was not running.
    func stop(grace: Int?, podsOnly: Bool = false) async throws -> Bool {
        let running = location.runningProcess
        let manager = podsOnly ? nil : location.install?.serviceManager
        let exits = !podsOnly && (manager == nil || manager == InstallRecord.ServiceManager.none)
        if running != nil { try await endPods(grace: grace, exits: exits) }
        if podsOnly { return running != nil }
        if let install = location.install { try await ServiceControl(install).stop() }
        if manager == InstallRecord.ServiceManager.none { await endSupervisor() }
        guard let running else { return false }
        try await waitForEnd(running, asking: !exits)
        return true
    }

    private func endPods(grace: Int?, exits: Bool) async throws {
        var arguments: JSONObject = ["exit": .bool(exits)]
        if let grace { arguments["grace"] = .int(Int64(grace)) }
        do {
            try await ControlClient.ask(
                location.layout.controlSocket, ControlRequest("stop", .object(arguments)))
        } catch let error as ControlError where error.code == .notRunning {
            // It runs but has no node yet, so that no pods are its own: a signal ends it.
            if exits, let process = location.runningProcess { kill(process, SIGTERM) }
        }
    }

    /// The process that starts edge again where no service manager does.
    private func endSupervisor() async {
        guard let path = location.install?.pidFile, let text = try? File.readText(path) else { return }
        defer { try? File.remove(path) }
        guard let process = Int32(text.prefix { $0.isNumber }),
            (try? File.readText("/proc/\(process)/cmdline"))?.contains("supervise") == true
        else { return }
        kill(process, SIGTERM)
        await Self.wait(seconds: 30) { kill(process, 0) != 0 }
    }

    private func waitForEnd(_ process: Int32, asking: Bool) async throws {
        if asking, location.runningProcess == process { kill(process, SIGTERM) }
        let ended = await Self.wait(seconds: 30) { location.runningProcess != process }
        if !ended { throw CommandFailure("edge does not end: process \(process) still runs") }
    }

    /// Looks until something holds; false when the time passes first.
    @discardableResult
    static func wait(seconds: Int, _ holds: () -> Bool) async -> Bool {
        for _ in 0..<seconds * 50 {
            if holds() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return holds()
    }
}
