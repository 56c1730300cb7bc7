import Testing

@testable import EdgeSystem

/// On the host's own hierarchies, below a group of the test's.
@Suite struct CgroupTests {
    private static func withGroup(_ name: String, _ body: (Cgroup) async throws -> Void) async throws {
        let pid = try #require(Int32(try File.readText("/proc/self/stat").prefix { $0 != " " }))
        let group = Cgroup(layout: try .detect(), path: "edge-test-\(pid)-\(name)")
        defer {
            try? group.kill()
            try? group.remove()
        }
        try await body(group)
    }

    @Test func makesLimitsAndRemovesGroups() async throws {
        try await Self.withGroup("limits") { group in
            let child = group.child("a").child("b")
            try child.create()
            var limits = CgroupLimits()
            limits.pids = 50
            limits.memory = 32 << 20
            limits.memoryAndSwap = 32 << 20
            let missing = try child.apply(limits)
            #expect(missing.isEmpty)
            let stats = child.stats()
            #expect(stats.memoryLimit == 32 << 20)
            // Up again: the two memory limits bound each other, whatever the order.
            limits.memory = 64 << 20
            limits.memoryAndSwap = 64 << 20
            try child.apply(limits)
            #expect(child.stats().memoryLimit == 64 << 20)
            try group.remove()
            #expect(!group.exists)
            try group.remove()
        }
    }

    @Test func bearsAndKillsProcesses() async throws {
        try await Self.withGroup("kill") { group in
            try group.create()
            var command = Command(.path("/bin/busybox"), arguments: ["busybox", "sleep", "100"])
            command.cgroup = group
            let child = try command.start(reactor: try Reactor())
            #expect(try group.processes() == [child.pid])
            let groups = try File.readText("/proc/\(child.pid)/cgroup")
            #expect(
                groups.split(separator: "\n").filter { $0.hasSuffix("/" + group.path) }.count
                    == group.layout.hierarchies.count)
            try group.kill()
            #expect(await child.exitStatus == .signalled(9))
        }
    }

    @Test func loadsADeviceProgram() throws {
        // The kernel's verifier is the judge.
        _ = try DeviceProgram.cache.program(for: DeviceRule.defaults)
        _ = try DeviceProgram.cache.program(for: DeviceRule.everything)
        #expect(DeviceProgram.assemble([]).count == 8)
    }
}
