public import EdgeRuntime
public import EdgeSystem

/// What the kubelet asks of a container runtime: the nouns and verbs of the CRI.
public protocol PodRuntime: Sendable {
    /// What happens from now on; hints only, the state is read again.
    func eventStream() -> AsyncStream<RuntimeEvent>

    func runPodSandbox(_ config: PodSandboxConfig) async throws -> PodSandbox
    func stopPodSandbox(_ id: String) async throws
    func removePodSandbox(_ id: String) async throws
    func listPodSandboxes() -> [PodSandbox]

    func createContainer(_ config: ContainerConfig, in sandboxID: String) async throws -> String
    func startContainer(_ id: String) async throws
    func stopContainer(_ id: String, grace: Duration, signal: Int32?) async throws
    func removeContainer(_ id: String) async throws
    /// In the order of their creation; of one sandbox, or all.
    func listContainers(sandboxID: String?) -> [EdgeRuntime.Container]

    func execSync(_ arguments: [String], in containerID: String, timeout: Duration?, limit: Int) async throws
        -> ExecResult
    func openProcess(_ request: ExecRequest, in containerID: String) async throws -> any ContainerProcess
    func openAttachment(_ containerID: String) async throws -> any ContainerAttachment
    /// A connection to a port on the loopback of the pod.
    func openConnection(port: UInt16, inSandbox id: String) async throws -> any ContainerConnection

    /// Changes the limits of what runs already.
    func updateResources(ofContainer id: String, _ limits: CgroupLimits) async throws
    func updateResources(ofSandbox id: String, _ limits: CgroupLimits) async throws

    func stats(ofContainer id: String) async throws -> CgroupStats
    func stats(ofSandbox id: String) async throws -> PodSandboxStats
}

/// A process that runs in a container besides its own.
public protocol ContainerProcess: Sendable {
    var hasTerminal: Bool { get }
    /// Nil at the end.
    func readOutput() async throws -> [UInt8]?
    func readErrorOutput() async throws -> [UInt8]?
    func writeInput(_ bytes: [UInt8]) async throws
    func closeInput()
    func resize(columns: UInt16, rows: UInt16)
    /// Nil when the task was cancelled before the end.
    func wait() async -> ExitStatus?
    func close()
}

/// The streams of a container's own process.
public protocol ContainerAttachment: Sendable {
    var hasTerminal: Bool { get }
    var hasInput: Bool { get }
    /// What the container writes from now on; nil when it has ended.
    func next() async throws -> AttachSession.Chunk?
    func writeInput(_ bytes: [UInt8]) async throws
    /// The client has said all; the container's input ends with that if it is made for one client only.
    func endInput() async
    func resize(columns: UInt16, rows: UInt16)
    func close()
}

/// A byte stream into a pod.
public protocol ContainerConnection: Sendable {
    func read() async throws -> [UInt8]?
    func write(_ bytes: [UInt8]) async throws
    func close()
}
