internal import Glibc

extension Cgroup {
    /// Makes the group with its parents. `parentOfOthers` hands the v2 controllers on to the groups that will
    /// be made below; such a group holds no processes itself (cgroup-v2, "no internal process constraint"), and
    /// neither does any above: where a service manager has delegated a group, edge leaves it for one of its own
    /// before.
    public func create(parentOfOthers: Bool = false) throws(SystemError) {
        for hierarchy in layout.hierarchies {
            if parentOfOthers { try makeParents(in: hierarchy) }
            do throws(SystemError) {
                try makeOne(path, in: hierarchy)
            } catch {
                guard error.errno == .noEntry else { throw error }
                try makeParents(in: hierarchy)
                try makeOne(path, in: hierarchy)
            }
            if parentOfOthers { try delegate(path, in: hierarchy) }
        }
    }

    private func makeParents(in hierarchy: CgroupLayout.Hierarchy) throws(SystemError) {
        try delegate("", in: hierarchy)
        for (index, character) in zip(path.indices, path) where character == "/" {
            let parent = String(path[..<index])
            try makeOne(parent, in: hierarchy)
            try delegate(parent, in: hierarchy)
        }
    }

    private func makeOne(_ path: String, in hierarchy: CgroupLayout.Hierarchy) throws(SystemError) {
        let directory = directory(in: hierarchy, path: path)
        do throws(SystemError) {
            try checkErrno("make cgroup", directory) { mkdir(directory, 0o755) }
        } catch {
            if error.errno == .exists { return }
            throw error
        }
        if hierarchy.controllers.contains("cpuset"), !hierarchy.isUnified { try inheritCPUSet(directory) }
    }

    /// A new v1 cpuset is empty, and an empty one takes no process.
    private func inheritCPUSet(_ directory: String) throws(SystemError) {
        guard let slash = directory.lastIndex(of: "/") else { return }
        for file in ["cpuset.cpus", "cpuset.mems"] {
            guard let own = try? File.readText("\(directory)/\(file)"), own.allSatisfy(\.isWhitespace) else {
                continue
            }
            try File.put(try File.readText("\(directory[..<slash])/\(file)"), into: "\(directory)/\(file)")
        }
    }

    /// Hands all controllers that the group has on to its children, one by one: one that the kernel refuses
    /// (cpu with real-time tasks about) does not take the others with it.
    private func delegate(_ path: String, in hierarchy: CgroupLayout.Hierarchy) throws(SystemError) {
        guard hierarchy.isUnified, !hierarchy.controllers.isEmpty else { return }
        let directory = directory(in: hierarchy, path: path)
        let wanted = ["cpu", "cpuset", "io", "memory", "hugetlb", "pids"]
        let words = { (file: String) throws(SystemError) in
            Set(
                try File.readText("\(directory)/\(file)").split(whereSeparator: \.isWhitespace).map(
                    String.init))
        }
        let missing = try words("cgroup.controllers").subtracting(try words("cgroup.subtree_control"))
        for controller in wanted where missing.contains(controller) {
            try? File.put("+" + controller, into: "\(directory)/cgroup.subtree_control")
        }
    }

    /// Ends every process of the group and of those below it.
    public func kill() throws(SystemError) {
        if let unified = unifiedDirectory {
            do throws(SystemError) {
                return try File.put("1", into: unified + "/cgroup.kill")
            } catch {
                // Before Linux 5.14 there is no such file.
                guard error.errno == .noEntry || error.errno == .accessDenied else { throw error }
            }
        }
        try killEach()
    }

    /// Until nobody is left, since a process may fork meanwhile; bounded, since one may hang in the kernel.
    private func killEach() throws(SystemError) {
        for group in try descendants() + [self] {
            for _ in 0..<16 {
                guard let members = try? group.processes(), !members.isEmpty else { break }
                for member in members { Glibc.kill(member, SIGKILL) }
            }
        }
    }

    /// Groups below, innermost first.
    private func descendants() throws(SystemError) -> [Cgroup] {
        guard let hierarchy = layout.unified ?? layout.hierarchies.first else { return [] }
        var groups: [Cgroup] = []
        for name in (try? subgroups(of: directory(in: hierarchy))) ?? [] {
            groups += try child(name).descendants() + [child(name)]
        }
        return groups
    }

    private func subgroups(of directory: String) throws(SystemError) -> [String] {
        try Directory.names(directory).filter { name in
            !name.contains(".") && name != "tasks" && isDirectory("\(directory)/\(name)")
        }
    }

    private func isDirectory(_ path: String) -> Bool {
        (try? FileStatus(of: path))?.kind == .directory
    }

    /// Removes the group with those below it. A group that is not there is fine; one with processes is EBUSY.
    public func remove() throws(SystemError) {
        for hierarchy in layout.hierarchies {
            try remove(directory(in: hierarchy))
        }
    }

    private func remove(_ directory: String) throws(SystemError) {
        do throws(SystemError) {
            try Directory.removeEmpty(directory)
        } catch {
            guard error.errno == .busy else { throw error }
            let names = try subgroups(of: directory)
            guard !names.isEmpty else { throw error }
            for name in names { try remove("\(directory)/\(name)") }
            try Directory.removeEmpty(directory)
        }
    }
}
