import Testing

@testable import EdgeSystem

@Suite struct CgroupLimitsTests {
    private var limits: CgroupLimits {
        var limits = CgroupLimits()
        limits.cpuShares = 512
        limits.cpuQuota = 50_000
        limits.cpuPeriod = 100_000
        limits.memory = 1 << 20
        limits.memoryAndSwap = 3 << 20
        limits.pids = -1
        limits.cpus = "0-1"
        limits.hugePages = ["2MB": 4 << 20]
        limits.killsGroupOnOOM = true
        return limits
    }

    @Test func writesLegacyFiles() {
        #expect(
            limits.legacyWrites().map { "\($0.file)=\($0.value)" } == [
                "cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000",
                "memory.limit_in_bytes=1048576", "memory.memsw.limit_in_bytes=3145728", "pids.max=max",
                "cpuset.cpus=0-1", "hugetlb.2MB.limit_in_bytes=4194304",
            ])
    }

    @Test func writesUnifiedFiles() {
        #expect(
            limits.unifiedWrites().map { "\($0.file)=\($0.value)" } == [
                "cpu.weight=59", "cpu.max=50000 100000", "memory.max=1048576", "memory.swap.max=2097152",
                "memory.oom.group=1", "pids.max=max", "cpuset.cpus=0-1", "hugetlb.2MB.max=4194304",
            ])
    }

    @Test(arguments: [(0, 1), (2, 1), (1024, 100), (262_144, 10000), (300_000, 10000)] as [(UInt64, UInt64)])
    func convertsShares(shares: UInt64, weight: UInt64) {
        #expect(CgroupLimits.weight(forShares: shares) == weight)
    }

    @Test func leavesOutWhatIsNotSet() {
        #expect(CgroupLimits().legacyWrites().isEmpty)
        #expect(CgroupLimits().unifiedWrites().isEmpty)
    }

    @Test(arguments: [
        (DeviceRule(.character, 1, 3, .all), "c 1:3 rwm"), (DeviceRule(.block, nil, nil, .make), "b *:* m"),
        (DeviceRule(.all, nil, nil, [.read, .write]), "a *:* rw"),
    ])
    func describesDevices(rule: DeviceRule, line: String) {
        #expect(rule.legacyLine == line)
    }
}
