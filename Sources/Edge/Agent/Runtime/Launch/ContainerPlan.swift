internal import CEdgeLinux
internal import EdgeSystem

/// Plans the launch of a container: configuration in, steps out, nothing touched.
struct ContainerPlan {
    let config: ContainerConfig
    let process: ProcessSpec
    /// The container's own group.
    let cgroup: Cgroup
    /// An empty directory of the host to hang the root at, in the container's own mount namespace.
    let mountPoint: String
    /// The container's writable layer.
    let upper: String
    let work: String
    /// The pod's shared memory on the host; nil stands for the host's own.
    let sharedMemory: String?
    /// Numbers of the host's device nodes, as `HostDevice` asks for them.
    let devices: [DeviceNode]
    let filter: [UInt8]?

    /// A node to be made in the container.
    struct DeviceNode: Sendable, Equatable {
        var path: String
        /// File type and permissions.
        var mode: UInt32
        var major: UInt32
        var minor: UInt32
    }

    private static let noSetUID: UInt64 = 2
    private static let noDevices: UInt64 = 4
    private static let noExecute: UInt64 = 8
    private static let readOnly: UInt64 = 1

    func steps() -> [LaunchStep] {
        var steps = cgroup.taskFiles.map { LaunchStep.enterCgroup(tasksFile: $0) }
        steps.append(.unshare(UInt32(EDGE_NEW_CGROUP)))
        steps.append(.oomScore(process.oomScoreAdjustment))
        steps += binds.enumerated().map { $1.open(index: $0) }
        steps.append(.isolate)
        steps.append(root)
        steps += kernelFileSystems + deviceFiles
        steps += orderedMounts
        steps.append(.directory(path: process.workingDirectory, mode: 0o755))
        if !config.security.isPrivileged {
            steps += config.security.maskedPaths.map { .mask($0) }
            steps += config.security.readOnlyPaths.map { .readOnly($0) }
        }
        steps.append(.pivot)
        if config.hasTerminal { steps.append(.terminal(columns: 0, rows: 0, isConsole: true)) }
        if config.isRootReadOnly { steps.append(.readOnlyRoot) }
        return steps + process.steps(executing: config.arguments, filter: filter)
    }

    private var root: LaunchStep {
        switch config.root {
        case .directory(let directory):
            return .rootDirectory(mountPoint: mountPoint, directory: directory)
        case .layers(let layers):
            // Nothing of the writable layer outlives the host's boot, so its syncs need not reach the disk.
            return .rootOverlay(
                mountPoint: mountPoint, options: "volatile", upper: upper, work: work,
                layers: layers.reversed())
        }
    }

    private var kernelFileSystems: [LaunchStep] {
        let strict = Self.noSetUID | Self.noDevices | Self.noExecute
        let guarded = strict | (config.security.isPrivileged ? 0 : Self.readOnly)
        return [
            .mount(type: "proc", source: "proc", target: "/proc", flags: strict, data: ""),
            .mount(type: "sysfs", source: "sysfs", target: "/sys", flags: guarded, data: ""),
        ] + cgroupFileSystems(flags: guarded)
            + [
                .mount(
                    type: "tmpfs", source: "tmpfs", target: "/dev", flags: Self.noSetUID,
                    data: "mode=755,size=65536k"),
                .mount(
                    type: "devpts", source: "devpts", target: "/dev/pts",
                    flags: Self.noSetUID | Self.noExecute, data: "newinstance,ptmxmode=0666,mode=0620,gid=5"),
                .mount(type: "mqueue", source: "mqueue", target: "/dev/mqueue", flags: strict, data: ""),
            ]
    }

    /// The container sees its own group as the root. On v1 every controller is mounted where the host has it.
    private func cgroupFileSystems(flags: UInt64) -> [LaunchStep] {
        let base = "/sys/fs/cgroup"
        if cgroup.layout.mode == .unified {
            return [.mount(type: "cgroup2", source: "cgroup", target: base, flags: flags, data: "")]
        }
        var steps: [LaunchStep] = [
            .mount(
                type: "tmpfs", source: "tmpfs", target: base, flags: flags & ~Self.readOnly,
                data: "mode=755,size=64k")
        ]
        for hierarchy in cgroup.layout.hierarchies {
            let name = hierarchy.isUnified ? "unified" : hierarchy.controllers.joined(separator: ",")
            steps.append(
                .mount(
                    type: hierarchy.isUnified ? "cgroup2" : "cgroup", source: "cgroup",
                    target: "\(base)/\(name)", flags: flags,
                    data: hierarchy.isUnified ? "" : hierarchy.controllers.joined(separator: ",")))
            // Programs look for /sys/fs/cgroup/cpu also where the host joins it with cpuacct.
            if hierarchy.controllers.count > 1, !hierarchy.isUnified {
                steps += hierarchy.controllers.map { .symlink(path: "\(base)/\($0)", contents: name) }
            }
        }
        if flags & Self.readOnly != 0 {
            let remount = flags | UInt64(Mount.Flags.remount.rawValue)
            steps.append(.mount(type: "tmpfs", source: "tmpfs", target: base, flags: remount, data: ""))
        }
        return steps
    }

    private static let standardNodes: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]
    private static let links = [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"), ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"), ("/dev/ptmx", "pts/ptmx"), ("/dev/core", "/proc/kcore"),
    ]
    private static let characterDevice: UInt32 = 0o020000

    private var deviceFiles: [LaunchStep] {
        var steps = Self.standardNodes.map { node in
            LaunchStep.device(
                path: "/dev/\(node.name)", mode: Self.characterDevice | 0o666, major: node.major,
                minor: node.minor)
        }
        if config.security.isPrivileged { steps.append(.hostDevices) }
        steps += devices.map { .device(path: $0.path, mode: $0.mode, major: $0.major, minor: $0.minor) }
        return steps + Self.links.map { .symlink(path: $0.0, contents: $0.1) }
    }
}

extension ContainerPlan {
    /// A bind mount with the volume it comes from.
    private struct Bind {
        let source: String
        let subPath: String
        let mount: VolumeMount

        func open(index: Int) -> LaunchStep {
            let flags =
                UInt32(EDGE_BIND_RECURSIVE) | (mount.createsSource ? UInt32(EDGE_BIND_MAKE_SOURCE) : 0)
            return .openBind(index: index, source: source, subPath: subPath, flags: flags)
        }

        func attach(index: Int) -> LaunchStep {
            var set: UInt32 = 0
            if mount.isReadOnly || mount.isRecursivelyReadOnly { set |= UInt32(EDGE_MOUNT_READONLY) }
            if mount.forbidsSetUID { set |= UInt32(EDGE_MOUNT_NOSUID) }
            if mount.forbidsDevices { set |= UInt32(EDGE_MOUNT_NODEV) }
            if mount.forbidsExecution { set |= UInt32(EDGE_MOUNT_NOEXEC) }
            let kind: Mount.Flags =
                switch mount.propagation {
                case .private: .private
                case .slave: .slave
                case .shared: .shared
                }
            return .bind(
                index: index, target: mount.target, set: set,
                flags: mount.isRecursivelyReadOnly ? UInt32(EDGE_BIND_ALL_BELOW) : 0,
                propagation: UInt32(kind.union(.recursive).rawValue))
        }
    }

    private var allMounts: [VolumeMount] {
        let hasOwn = config.mounts.contains { $0.target == "/dev/shm" }
        guard !hasOwn else { return config.mounts }
        var shared = VolumeMount(host: sharedMemory ?? "/dev/shm", target: "/dev/shm")
        shared.forbidsDevices = true
        shared.forbidsSetUID = true
        shared.forbidsExecution = sharedMemory != nil
        return [shared] + config.mounts
    }

    private var binds: [Bind] {
        allMounts.compactMap { mount in
            guard case .host(let path, let subPath) = mount.source else { return nil }
            return Bind(source: path, subPath: subPath, mount: mount)
        }
    }

    /// Outer targets before what lies in them, otherwise as given.
    private var orderedMounts: [LaunchStep] {
        var index = 0
        let steps = allMounts.map { mount -> (depth: Int, step: LaunchStep) in
            let depth = mount.target.split(separator: "/").count
            switch mount.source {
            case .host(let path, let subPath):
                defer { index += 1 }
                return (depth, Bind(source: path, subPath: subPath, mount: mount).attach(index: index))
            case .memory(let size):
                return (depth, memoryMount(mount, size: size))
            }
        }
        return steps.enumerated()
            .sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
            .map(\.element.step)
    }

    private func memoryMount(_ mount: VolumeMount, size: UInt64?) -> LaunchStep {
        var flags: UInt64 = 0
        if mount.isReadOnly { flags |= Self.readOnly }
        if mount.forbidsSetUID { flags |= Self.noSetUID }
        if mount.forbidsDevices { flags |= Self.noDevices }
        if mount.forbidsExecution { flags |= Self.noExecute }
        let data = "mode=1777" + (size.map { ",size=\($0)" } ?? "")
        return .mount(type: "tmpfs", source: "tmpfs", target: mount.target, flags: flags, data: data)
    }
}
