/// What is the same for a container's program and for what is run in it later: identity and privileges. Kept
/// with the container's record.
struct ProcessSpec: Sendable, Equatable {
    var environment: [String] = []
    var workingDirectory = "/"
    var user = ResolvedUser()
    var capabilities: CapabilitySet = .containerDefault
    var ambientCapabilities: CapabilitySet = []
    var noNewPrivileges = false
    var hasSeccomp = true
    var oomScoreAdjustment = 0
    var resourceLimits: [ResourceLimit] = []
}

extension ProcessSpec {
    /// From a container's configuration; reads the image's account files when names or groups ask for it.
    init(_ config: ContainerConfig) throws(RuntimeError) {
        let security = config.security
        let accounts = try AccountFiles(of: config.root)
        user = try .resolve(config.user, passwd: accounts.passwd, groups: accounts.groups)
        environment = Self.environment(config, home: user.home)
        workingDirectory = config.workingDirectory.isEmpty ? "/" : config.workingDirectory
        capabilities =
            security.isPrivileged
            ? .all : try .resolve(added: security.addedCapabilities, dropped: security.droppedCapabilities)
        ambientCapabilities = try .named(security.ambientCapabilities).intersection(capabilities)
        noNewPrivileges = security.noNewPrivileges
        hasSeccomp = !security.isPrivileged && security.seccomp == .runtimeDefault
        oomScoreAdjustment = config.oomScoreAdjustment
        resourceLimits = config.resourceLimits
    }

    /// Of a name that stands twice the last value counts; PATH and HOME get the usual defaults.
    private static func environment(_ config: ContainerConfig, home: String?) -> [String] {
        var order: [Substring] = []
        var values: [Substring: String] = [:]
        for entry in config.environment {
            let name = entry.prefix { $0 != "=" }
            if values.updateValue(entry, forKey: name) == nil { order.append(name) }
        }
        var environment = order.compactMap { values[$0] }
        if values["PATH"] == nil {
            environment.insert("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", at: 0)
        }
        if values["HOME"] == nil { environment.append("HOME=\(home.map { $0.isEmpty ? "/" : $0 } ?? "/")") }
        if config.hasTerminal, values["TERM"] == nil { environment.append("TERM=xterm") }
        return environment
    }

    /// The end of every plan: from root with everything to the program with its rights. A seccomp filter needs
    /// CAP_SYS_ADMIN or no_new_privs, so without the latter it comes before the capabilities go.
    func steps(executing arguments: [String], filter: [UInt8]?) -> [LaunchStep] {
        var steps: [LaunchStep] = resourceLimits.map { .resourceLimit($0) }
        steps.append(.umask(0o022))
        if let filter, !noNewPrivileges { steps.append(.seccomp(filter)) }
        steps.append(.boundingSet(capabilities))
        steps.append(.user(uid: user.uid, gid: user.gid, groups: user.groups))
        let inheritable = ambientCapabilities
        steps.append(
            .capabilities(effective: capabilities, inheritable: inheritable, ambient: ambientCapabilities))
        if noNewPrivileges { steps.append(.noNewPrivileges) }
        steps.append(.workingDirectory(workingDirectory))
        if let filter, noNewPrivileges { steps.append(.seccomp(filter)) }
        steps.append(.execute(arguments: arguments, environment: environment))
        return steps
    }
}
