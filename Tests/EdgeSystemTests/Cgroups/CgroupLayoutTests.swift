import Testing

@testable import EdgeSystem

@Suite struct CgroupLayoutTests {
    private static let legacyMounts = """
        30 25 0:1 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        31 25 0:2 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        32 25 0:3 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
        """
    private static let unifiedMount = "33 25 0:4 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"

    private func detect(
        _ mounts: String, own: String = "", controllers: String = "", delegated: Set<String> = []
    )
        -> CgroupLayout
    {
        .detect(
            mounts: MountInfo.parse(mounts), ownGroups: own, unifiedControllers: { _ in controllers },
            isDelegated: { delegated.contains($0) })
    }

    @Test func recognisesTheLayouts() {
        #expect(detect(Self.unifiedMount, controllers: "cpu memory").mode == .unified)
        #expect(detect(Self.legacyMounts).mode == .legacy)
        #expect(detect(Self.legacyMounts + "\n" + Self.unifiedMount).mode == .hybrid)
    }

    @Test func findsControllersWhereverTheyAre() {
        let layout = detect(Self.legacyMounts + "\n" + Self.unifiedMount, controllers: "hugetlb pids\n")
        let group = Cgroup(layout: layout, path: "edge/x")
        #expect(group.directory(for: "cpuacct") == "/sys/fs/cgroup/cpu,cpuacct/edge/x")
        #expect(group.directory(for: "pids") == nil)
        #expect(group.unifiedDirectory == "/sys/fs/cgroup/edge/x")
        #expect(
            group.taskFiles == [
                "/sys/fs/cgroup/cpu,cpuacct/edge/x/tasks", "/sys/fs/cgroup/memory/edge/x/tasks",
            ])
        #expect(group.oomCounterFile == "/sys/fs/cgroup/memory/edge/x/memory.oom_control")
    }

    @Test func goesBelowADelegatedGroup() {
        let own = "0::/system.slice/edge.service/system\n"
        let delegated: Set = ["/sys/fs/cgroup/system.slice/edge.service"]
        let layout = detect(Self.unifiedMount, own: own, controllers: "cpu", delegated: delegated)
        let group = Cgroup(layout: layout, path: "edge")
        #expect(group.directory(for: "cpu") == "/sys/fs/cgroup/system.slice/edge.service/edge")
        #expect(detect(Self.unifiedMount, own: own, controllers: "cpu").unified?.base == "")
        // With processes of its own the group could not hand controllers on.
        let busy = "0::/system.slice/edge.service\n"
        #expect(
            detect(Self.unifiedMount, own: busy, controllers: "cpu", delegated: delegated).unified?.base == ""
        )
    }
}
