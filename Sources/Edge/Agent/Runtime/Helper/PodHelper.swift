internal import CEdgeLinux
internal import EdgeSystem

/// Starts the helper of a pod: this binary under another name, diverted before Swift starts.
struct PodHelper {
    /// The binary, as a descriptor through which nothing in a pod can write to it.
    let program: SharedDescriptor
    let reactor: Reactor

    init(program path: String, reactor: Reactor) throws(SystemError) {
        program = SharedDescriptor(try Mount.openReadOnlyView(of: path))
        self.reactor = reactor
    }

    /// Blocks until the helper's exec. Its set-up goes on; the first request waits for that.
    func start(_ record: SandboxRecord, config: PodSandboxConfig, cgroup: Cgroup, in run: RunDirectory)
        throws -> ChildProcess
    {
        let listener = try MessageSocket.listen(at: run.socket(record.id))
        let directory = try File.open(run.sandbox(record.id), [.directory])
        let plan = try MemoryFile(name: "plan", contents: LaunchStep.encode(try SandboxPlan.steps(config)))
        var command = Command(
            .descriptor(program),
            arguments: [EDGE_POD_NAME, record.id, "\(record.namespace)/\(record.name)"])
        command.descriptors = [nil, nil, nil, listener.rawValue, directory.rawValue, plan.rawValue]
        command.namespaces = SandboxPlan.namespaces(config)
        command.cgroup = cgroup
        command.newSession = true
        return try command.start(reactor: reactor)
    }
}
