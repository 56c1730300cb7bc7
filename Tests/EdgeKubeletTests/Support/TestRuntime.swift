import EdgeBase
import EdgeSystem
import Synchronization

@testable import EdgeKubelet
@testable import EdgeRuntime

/// A runtime whose containers are entries of a table: they run until a test or a stop ends them.
final class TestRuntime: PodRuntime {
    struct Entry {
        var config: ContainerConfig
        var sandboxID: String
        var created: Timestamp
        var started: Timestamp?
        var exit: ContainerExit?
    }

    private struct State {
        var sandboxes: [(id: String, config: PodSandboxConfig, isReady: Bool)] = []
        var containers: [(id: String, entry: Entry)] = []
        var receivers: [AsyncStream<RuntimeEvent>.Continuation] = []
        var log: [String] = []
        var nextID = 0
        var ignoresTerm = false
        var startError: String?
        var execResult: (code: Int32, output: String) = (0, "")
    }

    private let state = Mutex(State())
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    /// What was asked for, in order: `run`, `create web`, `start web`, `stop web 30`, ...
    var log: [String] { state.withLock(\.log) }
    var startError: String? {
        get { state.withLock(\.startError) }
        set { state.withLock { $0.startError = newValue } }
    }
    var execResult: (code: Int32, output: String) {
        get { state.withLock(\.execResult) }
        set { state.withLock { $0.execResult = newValue } }
    }

    func config(_ name: String) -> ContainerConfig? {
        state.withLock { $0.containers.last { $0.entry.config.name == name }?.entry.config }
    }

    /// Ends the newest container of a name.
    func exit(_ name: String, code: Int32) {
        let now = clock.now
        let event = state.withLock { state -> (RuntimeEvent, [AsyncStream<RuntimeEvent>.Continuation])? in
            guard let index = state.containers.lastIndex(where: { $0.entry.config.name == name }),
                state.containers[index].entry.exit == nil
            else { return nil }
            state.containers[index].entry.exit = ContainerExit(
                code: code, signal: 0, finished: now, reason: code == 0 ? .completed : .error, message: "")
            return (
                .containerExited(
                    sandboxID: state.containers[index].entry.sandboxID,
                    containerID: state.containers[index].id),
                state.receivers
            )
        }
        if let (event, receivers) = event { for receiver in receivers { receiver.yield(event) } }
    }

    private func note(_ text: String) { state.withLock { $0.log.append(text) } }

    func eventStream() -> AsyncStream<RuntimeEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RuntimeEvent.self, bufferingPolicy: .bufferingNewest(64))
        state.withLock { $0.receivers.append(continuation) }
        return stream
    }

    func runPodSandbox(_ config: PodSandboxConfig) async throws -> PodSandbox {
        let id = state.withLock { state in
            state.nextID += 1
            state.log.append("run \(config.name)")
            state.sandboxes.append(("sandbox\(state.nextID)", config, true))
            return "sandbox\(state.nextID)"
        }
        return listPodSandboxes().first { $0.id == id } ?? sandbox(id, config, true)
    }

    private func sandbox(_ id: String, _ config: PodSandboxConfig, _ isReady: Bool) -> PodSandbox {
        PodSandbox(
            id: id, name: config.name, namespace: config.namespace, uid: config.uid, attempt: config.attempt,
            labels: config.labels, annotations: config.annotations, created: clock.now,
            state: isReady ? .ready : .notReady, helperPID: 1, hostNetwork: config.hostNetwork)
    }

    func stopPodSandbox(_ id: String) async throws {
        note("stop sandbox")
        state.withLock { state in
            for index in state.sandboxes.indices where state.sandboxes[index].id == id {
                state.sandboxes[index].isReady = false
            }
        }
    }

    func removePodSandbox(_ id: String) async throws {
        note("remove sandbox")
        state.withLock { state in
            state.sandboxes.removeAll { $0.id == id }
            state.containers.removeAll { $0.entry.sandboxID == id }
        }
    }

    func listPodSandboxes() -> [PodSandbox] {
        state.withLock { $0.sandboxes }.map { sandbox($0.id, $0.config, $0.isReady) }
    }

    func createContainer(_ config: ContainerConfig, in sandboxID: String) async throws -> String {
        let now = clock.now
        return state.withLock { state in
            state.nextID += 1
            state.log.append("create \(config.name) \(config.attempt)")
            state.containers.append(
                ("c\(state.nextID)", Entry(config: config, sandboxID: sandboxID, created: now)))
            return "c\(state.nextID)"
        }
    }

    func startContainer(_ id: String) async throws {
        let now = clock.now
        let error = state.withLock { state -> String? in
            guard let index = state.containers.firstIndex(where: { $0.id == id }) else {
                return "no container"
            }
            state.log.append("start \(state.containers[index].entry.config.name)")
            if let error = state.startError {
                state.containers[index].entry.exit = ContainerExit(
                    code: 128, signal: 0, finished: now, reason: .startError, message: error)
                return error
            }
            state.containers[index].entry.started = now
            return nil
        }
        if let error { throw RuntimeError(.startFailed, error) }
    }

    func stopContainer(_ id: String, grace: Duration, signal: Int32?) async throws {
        let name = state.withLock { state in
            let name = state.containers.first { $0.id == id }?.entry.config.name ?? "?"
            state.log.append("stop \(name) \(grace.wholeNanoseconds / 1_000_000_000)")
            return name
        }
        exit(name, code: 143)
    }

    func removeContainer(_ id: String) async throws {
        state.withLock { state in
            let name = state.containers.first { $0.id == id }?.entry.config.name ?? "?"
            state.log.append("remove \(name)")
            state.containers.removeAll { $0.id == id }
        }
    }

    func listContainers(sandboxID: String?) -> [EdgeRuntime.Container] {
        state.withLock { $0.containers }.filter { sandboxID == nil || $0.entry.sandboxID == sandboxID }
            .map { id, entry in
                let state: EdgeRuntime.Container.State =
                    entry.exit.map { .exited($0) } ?? (entry.started == nil ? .created : .running(pid: 1))
                return EdgeRuntime.Container(
                    id: id, sandboxID: entry.sandboxID, name: entry.config.name,
                    attempt: entry.config.attempt,
                    image: entry.config.image, imageID: entry.config.imageID, labels: entry.config.labels,
                    annotations: entry.config.annotations, logPath: "/nowhere/\(entry.config.logPath)",
                    created: entry.created, started: entry.started, state: state)
            }
    }

    func execSync(_ arguments: [String], in containerID: String, timeout: Duration?, limit: Int) async throws
        -> ExecResult
    {
        note("exec \(arguments.joined(separator: " "))")
        let (code, output) = execResult
        return ExecResult(output: Array(output.utf8), errorOutput: [], status: .exited(code: code))
    }

    func openProcess(_ request: ExecRequest, in containerID: String) async throws -> any ContainerProcess {
        TestProcess(output: request.arguments.joined(separator: " ") + "\n", code: 7)
    }

    func openAttachment(_ containerID: String) async throws -> any ContainerAttachment {
        throw KubeletError("not in this test")
    }

    func openConnection(port: UInt16, inSandbox id: String) async throws -> any ContainerConnection {
        throw KubeletError("not in this test")
    }

    func updateResources(ofContainer id: String, _ limits: CgroupLimits) async throws {
        state.withLock { $0.log.append("resize \(id) \(limits.memory ?? 0)") }
    }

    func updateResources(ofSandbox id: String, _ limits: CgroupLimits) async throws {}

    func stats(ofContainer id: String) async throws -> CgroupStats {
        var stats = CgroupStats()
        stats.cpuTime = 2_000_000_000
        stats.workingSet = 4096
        return stats
    }

    func stats(ofSandbox id: String) async throws -> PodSandboxStats {
        PodSandboxStats(usage: try await stats(ofContainer: id), network: [])
    }
}

/// Prints one text and ends.
final class TestProcess: ContainerProcess {
    private let output: Mutex<[UInt8]?>
    private let code: Int32
    let hasTerminal = false

    init(output: String, code: Int32) {
        self.output = Mutex(Array(output.utf8))
        self.code = code
    }

    func readOutput() async throws -> [UInt8]? {
        output.withLock { output in
            defer { output = nil }
            return output
        }
    }

    func readErrorOutput() async throws -> [UInt8]? { nil }
    func writeInput(_ bytes: [UInt8]) async throws {}
    func closeInput() {}
    func resize(columns: UInt16, rows: UInt16) {}
    func wait() async -> ExitStatus? { .exited(code: code) }
    func close() {}
}
