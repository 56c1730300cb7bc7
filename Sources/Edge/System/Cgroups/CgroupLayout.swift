/// Where the host has mounted its cgroup hierarchies, and below which group edge may make its own.
public struct CgroupLayout: Sendable, Equatable {
    public enum Mode: Sendable, Equatable {
        /// cgroup v2 only.
        case unified
        /// cgroup v1 controllers, without a v2 tree.
        case legacy
        /// v1 controllers beside a v2 tree, whose own are not used.
        case hybrid
    }

    public struct Hierarchy: Sendable, Equatable {
        public let mountPoint: String
        /// The v1 controllers; of a v2 hierarchy those that its root offers.
        public let controllers: [String]
        public let isUnified: Bool
        /// The group, relative to the mount point, below which edge's root lies: "" or `system.slice/edge.service`.
        public let base: String

        public init(mountPoint: String, controllers: [String], isUnified: Bool, base: String) {
            self.mountPoint = mountPoint
            self.controllers = controllers
            self.isUnified = isUnified
            self.base = base
        }
    }

    public let hierarchies: [Hierarchy]

    /// Beside v1 hierarchies the v2 tree only holds processes together: its controllers would forbid processes
    /// in inner groups, which v1 allows.
    public init(hierarchies: [Hierarchy]) {
        let isMixed = hierarchies.contains { !$0.isUnified }
        self.hierarchies = hierarchies.map { hierarchy in
            let isBare = isMixed && hierarchy.isUnified
            return Hierarchy(
                mountPoint: hierarchy.mountPoint, controllers: isBare ? [] : hierarchy.controllers,
                isUnified: hierarchy.isUnified, base: hierarchy.base)
        }
    }

    public var mode: Mode {
        let unified = hierarchies.contains(where: \.isUnified)
        let legacy = hierarchies.contains { !$0.isUnified }
        return unified ? (legacy ? .hybrid : .unified) : .legacy
    }

    public var unified: Hierarchy? { hierarchies.first(where: \.isUnified) }

    /// The hierarchy that a controller belongs to; nil where the host has switched it off.
    public func hierarchy(of controller: String) -> Hierarchy? {
        hierarchies.first { $0.controllers.contains(controller) }
    }
}

extension CgroupLayout {
    private static let controllers: Set<String> = [
        "cpu", "cpuacct", "cpuset", "memory", "pids", "devices", "blkio", "hugetlb", "freezer", "net_cls",
        "net_prio", "perf_event", "rdma", "misc",
    ]

    /// - Parameters:
    ///   - ownGroups: the text of /proc/self/cgroup.
    ///   - unifiedControllers: the text of cgroup.controllers at the given mount point.
    ///   - isDelegated: whether a service manager has handed over the directory (its `delegate` attribute).
    static func detect(
        mounts: [MountInfo], ownGroups: String, unifiedControllers: (String) -> String,
        isDelegated: (String) -> Bool
    ) -> CgroupLayout {
        var seen: Set<String> = []
        let hierarchies = mounts.compactMap { mount -> Hierarchy? in
            let isUnified = mount.type == "cgroup2"
            guard isUnified || mount.type == "cgroup" else { return nil }
            let names =
                isUnified
                ? unifiedControllers(mount.mountPoint).split(whereSeparator: \.isWhitespace).map(String.init)
                : mount.superOptions.filter(controllers.contains)
            // The same hierarchy can be mounted twice, and a named one carries no controller.
            let key = isUnified ? "" : names.joined(separator: ",")
            guard isUnified || !names.isEmpty, seen.insert(key).inserted else { return nil }
            let own = ownGroup(ownGroups, key: key)
            let base =
                own.flatMap { own in
                    delegatedGroup(above: own, isUnified: isUnified) {
                        isDelegated("\(mount.mountPoint)/\($0)")
                    }
                } ?? ""
            return Hierarchy(
                mountPoint: mount.mountPoint, controllers: names, isUnified: isUnified, base: base)
        }
        return CgroupLayout(hierarchies: hierarchies)
    }

    /// The group that was handed over to the process in `own`. In version 2 it is the one above: a group with
    /// processes cannot hand controllers on, and a service manager that starts edge in the delegated group itself
    /// (systemd before 254, which lacks DelegateSubgroup) could not do so again while pods run below it. There the
    /// pods lie at the root, as they do with other Kubernetes nodes.
    private static func delegatedGroup(above own: String, isUnified: Bool, _ isDelegated: (String) -> Bool)
        -> String?
    {
        if !isUnified, isDelegated(own) { return own }
        guard let slash = own.lastIndex(of: "/") else { return nil }
        let parent = String(own[..<slash])
        return isDelegated(parent) ? parent : nil
    }

    /// Lines are `4:memory:/path`, and `0::/path` for the unified hierarchy.
    private static func ownGroup(_ text: String, key: String) -> String? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1] == key else { continue }
            let path = fields[2].drop { $0 == "/" }
            return path.isEmpty ? nil : String(path)
        }
        return nil
    }

    /// Looks at the host.
    public static func detect() throws(SystemError) -> CgroupLayout {
        detect(
            mounts: try MountInfo.current(), ownGroups: try File.readText("/proc/self/cgroup"),
            unifiedControllers: { (try? File.readText("\($0)/cgroup.controllers")) ?? "" },
            isDelegated: { directory in
                ["user.delegate", "trusted.delegate"].contains { name in
                    let value = try? ExtendedAttribute.get(name, of: directory)
                    return value == Array("1".utf8)
                }
            })
    }
}
