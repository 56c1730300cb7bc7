public import EdgeBase
public import EdgeClient

/// Everything outside of itself that kubectl touches, so that a test can stand in for all of it.
public struct KubectlEnvironment: Sendable {
    /// The second argument gives the headers that authorise a session.
    public typealias OpenStreams =
        @Sendable (RESTConfig, @escaping @Sendable () async throws -> [RESTRequest.Field]) throws
        -> any StreamTransport

    public var variables: [String: String]
    public var output: any KubectlOutput
    public var errors: any KubectlOutput
    public var input: any KubectlInput
    public var terminal: (any KubectlTerminal)?
    public var clock: any WallClock
    /// Makes the connection to the cluster that the kubeconfig and the flags name.
    public var connect: @Sendable (RESTConfig) throws -> any RESTTransport
    /// Opens exec, attach and port-forward sessions; nil where they are not possible.
    public var openStreams: OpenStreams?
    /// Opens local ports; nil where that is not possible.
    public var listen: Listen?
    /// Runs a command with a file's path as its last argument, on the terminal; returns its exit code.
    public var runEditor: @Sendable (_ command: String, _ path: String) async throws -> Int32
    /// Kubeconfig files to take when neither `--kubeconfig` nor `KUBECONFIG` names one: the first that exists.
    public var defaultKubeconfigs: [String]
    public var clientVersion: String
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        variables: [String: String] = [:], output: any KubectlOutput, errors: any KubectlOutput,
        input: any KubectlInput, terminal: (any KubectlTerminal)? = nil,
        clock: any WallClock = SystemWallClock(),
        connect: @escaping @Sendable (RESTConfig) throws -> any RESTTransport,
        openStreams: OpenStreams? = nil,
        listen: Listen? = nil,
        runEditor: @escaping @Sendable (String, String) async throws -> Int32 = { _, _ in
            throw HostError(operation: "run editor", path: "", cause: "no editor can be run here")
        }, defaultKubeconfigs: [String] = [], clientVersion: String = "v1.36.0",
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.variables = variables
        self.output = output
        self.errors = errors
        self.input = input
        self.terminal = terminal
        self.clock = clock
        self.connect = connect
        self.openStreams = openStreams
        self.listen = listen
        self.runEditor = runEditor
        self.defaultKubeconfigs = defaultKubeconfigs
        self.clientVersion = clientVersion
        self.sleep = sleep
    }
}
