internal import Glibc

/// One group: the same path in every hierarchy of the host.
public struct Cgroup: Sendable, Equatable {
    public let layout: CgroupLayout
    /// Relative to the base: `edge/kubepods/burstable/pod1/c1`.
    public let path: String

    public init(layout: CgroupLayout, path: String) {
        self.layout = layout
        self.path = path
    }

    public func child(_ name: String) -> Cgroup {
        Cgroup(layout: layout, path: path.isEmpty ? name : "\(path)/\(name)")
    }

    func directory(in hierarchy: CgroupLayout.Hierarchy, path: String? = nil) -> String {
        [hierarchy.mountPoint, hierarchy.base, path ?? self.path].filter { !$0.isEmpty }.joined(
            separator: "/")
    }

    /// The group's directories, one in each hierarchy.
    public var directories: [String] { layout.hierarchies.map { directory(in: $0) } }

    /// Those of the directories between the hierarchies' bases and this group that do not exist.
    public var missingParents: [String] {
        layout.hierarchies.flatMap { hierarchy in
            path.indices.filter { path[$0] == "/" }.map {
                directory(in: hierarchy, path: String(path[..<$0]))
            }
        }.filter { !File.exists($0) }
    }

    /// Where the files of a controller lie; nil where the host lacks the controller.
    public func directory(for controller: String) -> String? {
        layout.hierarchy(of: controller).map { directory(in: $0) }
    }

    /// The directory in the v2 hierarchy, if the host has one.
    public var unifiedDirectory: String? {
        layout.unified.map { directory(in: $0) }
    }

    /// The files of v1 hierarchies through which a single thread enters the group.
    public var taskFiles: [String] {
        layout.hierarchies.compactMap { $0.isUnified ? nil : directory(in: $0) + "/tasks" }
    }

    /// The directory in any hierarchy that knows the group's processes.
    private var anyDirectory: String? {
        unifiedDirectory ?? directory(for: "pids") ?? directory(for: "memory")
            ?? layout.hierarchies.first.map { directory(in: $0) }
    }

    public var exists: Bool { anyDirectory.map { File.exists($0) } ?? false }

    /// All processes of the group, not those of the groups below.
    public func processes() throws(SystemError) -> [Int32] {
        guard let directory = anyDirectory else { return [] }
        return try File.readText(directory + "/cgroup.procs").split(separator: "\n").compactMap { Int32($0) }
    }

    /// Moves a whole process here.
    public func add(process: Int32) throws(SystemError) {
        for hierarchy in layout.hierarchies {
            try File.put(String(process), into: directory(in: hierarchy) + "/cgroup.procs")
        }
    }
}
