internal import CEdgeLinux
internal import EdgeBase
internal import EdgeSystem

/// All that a start needs, opened and planned.
struct ContainerStart: Sendable {
    let plan: SharedDescriptor
    let flags: UInt32
    let cloneFlags: UInt64
    let joined: String?
    let group: SharedDescriptor?
    let oomCounter: SharedDescriptor?
    let logDirectory: SharedDescriptor?
    let logName: String
    let logLimit: UInt64
    let logFiles: UInt32

    func send(_ id: String, over connection: HelperConnection) async throws -> (
        pid: Int32, started: Timestamp
    ) {
        try await connection.start(
            id, .init(plan: plan, flags: flags, cloneFlags: cloneFlags, joined: joined, cgroup: group),
            log: logDirectory.map { ($0, logName, logLimit, logFiles) }, oomCounter: oomCounter)
    }
}

extension RuntimeService {
    /// Makes the group, and opens and writes what the helper gets. Blocks.
    func prepareStart(_ record: ContainerRecord, _ sandbox: SandboxRecord, _ config: ContainerConfig) throws
        -> ContainerStart
    {
        let group = cgroup(record.cgroup)
        try group.create()
        try group.apply(config.resources)
        let devices = try config.devices.map { device in try node(device) }
        if !config.security.isPrivileged {
            let rules = zip(config.devices, devices).map { device, node in
                let isBlock = node.mode & 0o170000 == 0o060000
                return DeviceRule(isBlock ? .block : .character, node.major, node.minor, device.access)
            }
            try group.restrictDevices(to: DeviceRule.defaults + rules)
        }
        try checkPropagation(config.mounts)
        try Directory.make(run.mountPoint)
        let filter = record.process.hasSeccomp ? try seccomp.program(for: record.process.capabilities) : nil
        let plan = ContainerPlan(
            config: config, process: record.process, cgroup: group, mountPoint: run.mountPoint,
            upper: run.upper(record.id), work: run.work(record.id),
            sharedMemory: sandbox.hostIPC ? nil : run.sharedMemory(sandbox.id), devices: devices,
            filter: filter)
        return try start(plan, sandbox, log: try openLog(record), group: group)
    }

    private func start(
        _ plan: ContainerPlan, _ sandbox: SandboxRecord, log: (SharedDescriptor?, String), group: Cgroup
    ) throws -> ContainerStart {
        var flags: UInt32 = 0
        if plan.config.hasTerminal { flags |= UInt32(EDGE_POD_TERMINAL) }
        if plan.config.hasInput { flags |= UInt32(EDGE_POD_INPUT) }
        let sharesPIDs = sandbox.sharesProcessNamespace && !sandbox.hostPID
        if sharesPIDs { flags |= UInt32(EDGE_POD_SHARED_PIDS) }
        var cloneFlags = UInt64(EDGE_NEW_MOUNT)
        let joined = sandbox.hostPID || sharesPIDs ? nil : plan.config.joinedContainer
        if !sandbox.hostPID, !sharesPIDs, joined == nil { cloneFlags |= UInt64(EDGE_NEW_PID) }
        return ContainerStart(
            plan: try MemoryFile(name: "plan", contents: LaunchStep.encode(plan.steps())).share(),
            flags: flags, cloneFlags: cloneFlags, joined: joined,
            group: try group.unifiedDirectory.map { SharedDescriptor(try File.open($0, [.directory])) },
            oomCounter: try group.oomCounterFile.map { SharedDescriptor(try File.open($0)) },
            logDirectory: log.0, logName: log.1, logLimit: configuration.logLimit,
            logFiles: configuration.logFiles)
    }

    private func openLog(_ record: ContainerRecord) throws -> (SharedDescriptor?, String) {
        guard let slash = record.logPath.lastIndex(of: "/") else { return (nil, "") }
        let directory = String(record.logPath[..<slash])
        try Directory.make(directory)
        let name = String(record.logPath[record.logPath.index(after: slash)...])
        return (SharedDescriptor(try File.open(directory, [.directory])), name)
    }

    private func node(_ device: HostDevice) throws -> ContainerPlan.DeviceNode {
        let status = try FileStatus(of: device.hostPath, followLinks: true)
        guard [.characterDevice, .blockDevice].contains(status.kind) else {
            throw RuntimeError(.invalidArgument, "\(device.hostPath) is not a device node")
        }
        let type: UInt32 = status.kind == .blockDevice ? 0o060000 : 0o020000
        return ContainerPlan.DeviceNode(
            path: device.containerPath, mode: type | status.mode, major: status.deviceMajor,
            minor: status.deviceMinor)
    }

    /// A volume can only pass mounts on if the host's mount does.
    private func checkPropagation(_ mounts: [VolumeMount]) throws {
        let propagating = mounts.filter { $0.propagation != .private }
        guard !propagating.isEmpty else { return }
        let host = try MountInfo.current()
        for mount in propagating {
            guard case .host(let path, _) = mount.source,
                let found = MountInfo.containing(path, in: host)
            else { continue }
            let passesOn =
                found.sharedGroup != nil || (mount.propagation == .slave && found.masterGroup != nil)
            guard passesOn else {
                let kind = mount.propagation == .shared ? "shared" : "shared or slave"
                throw RuntimeError(
                    .invalidArgument,
                    "path \"\(path)\" is mounted on \"\(found.mountPoint)\" but it is not a \(kind) mount")
            }
        }
    }
}
