internal import EdgeClient
internal import Glibc
internal import NIOPosix

extension KubectlEnvironment {
    /// This process: its streams, its terminal, its environment variables, and HTTP to the cluster.
    /// `defaultKubeconfigs` are tried in order before `~/.kube/config`.
    public static func process(
        clientVersion: String, defaultKubeconfigs: [String] = []
    ) -> KubectlEnvironment {
        // A reader of our output that goes away must not end the process before the terminal is restored.
        signal(SIGPIPE, SIG_IGN)
        let variables = Self.processVariables()
        return KubectlEnvironment(
            variables: variables, output: DescriptorOutput(descriptor: STDOUT_FILENO),
            errors: DescriptorOutput(descriptor: STDERR_FILENO), input: StandardInput(),
            terminal: ProcessTerminal(),
            connect: { try HTTPTransport($0, group: MultiThreadedEventLoopGroup.singleton) },
            openStreams: { config, headers in
                try HTTPTransport(
                    config, group: MultiThreadedEventLoopGroup.singleton, sessionHeaders: headers)
            }, listen: { try LocalPortListener(address: $0, port: $1) }, runEditor: ProcessEditor.run,
            defaultKubeconfigs: defaultKubeconfigs, clientVersion: clientVersion)
    }

    private static func processVariables() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            if let (name, value) = String(cString: entry).split(atFirst: "=") { variables[name] = value }
            next += 1
        }
        return variables
    }
}
