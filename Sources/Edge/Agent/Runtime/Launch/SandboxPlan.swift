internal import EdgeSystem

/// Plans what a pod's helper does to its new namespaces.
enum SandboxPlan {
    /// - Throws: `invalidArgument` for a sysctl that would reach beyond the pod.
    static func steps(_ config: PodSandboxConfig) throws(RuntimeError) -> [LaunchStep] {
        var steps: [LaunchStep] = []
        if !config.hostNetwork {
            if !config.hostname.isEmpty { steps.append(.hostname(config.hostname)) }
            steps.append(.loopback)
        }
        for (name, value) in config.sysctls.sorted(by: { $0.key < $1.key }) {
            steps.append(.sysctl(name: try path(ofSysctl: name, config), value: value))
        }
        if config.sharesProcessNamespace, !config.hostPID { steps.append(.sharePIDs) }
        return steps
    }

    static func namespaces(_ config: PodSandboxConfig) -> Command.Namespaces {
        var namespaces: Command.Namespaces = []
        if !config.hostNetwork { namespaces.formUnion([.network, .uts]) }
        if !config.hostIPC { namespaces.insert(.ipc) }
        return namespaces
    }

    /// `net.ipv4.ip_forward` is `net/ipv4/ip_forward`; a name may come with slashes already, and an interface
    /// with a dot in its name needs them.
    private static func path(ofSysctl name: String, _ config: PodSandboxConfig) throws(RuntimeError) -> String
    {
        let separator = name.first { $0 == "." || $0 == "/" }
        let path = separator == "." ? String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 }) : name
        let ofNetwork = path.hasPrefix("net/")
        let ofIPC =
            ["kernel/sem", "kernel/shm_rmid_forced"].contains(path)
            || ["kernel/shm", "kernel/msg", "fs/mqueue/"].contains { path.hasPrefix($0) }
        guard ofNetwork || ofIPC, !path.split(separator: "/").contains("..") else {
            throw RuntimeError(.invalidArgument, "sysctl \(name) is not separate for each pod")
        }
        guard !(ofNetwork && config.hostNetwork), !(ofIPC && config.hostIPC) else {
            throw RuntimeError(.invalidArgument, "sysctl \(name) would change the host")
        }
        return path
    }
}
