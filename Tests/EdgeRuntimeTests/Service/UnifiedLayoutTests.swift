import EdgeSystem
import Testing

@testable import EdgeRuntime

/// As on a host with cgroup v2 only: groups, device rules and the helper's place. Limits need controllers, which
/// a host with v1 hierarchies keeps there.
@Suite struct UnifiedLayoutTests {
    private static func run(_ body: (RuntimeFixture) async throws -> Void) async throws {
        let unified = try #require(try CgroupLayout.detect().unified)
        try await RuntimeFixture.run(layout: CgroupLayout(hierarchies: [unified]), body)
    }

    @Test func theHelperHasALeafOfItsOwn() async throws {
        try await Self.run { fixture in
            #expect(fixture.configuration.cgroupRoot.layout.mode == .unified)
            let (sandbox, id) = try await fixture.start(fixture.container("exec sleep 1000"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            let pod = fixture.configuration.cgroupRoot.child("kubepods/podpod")
            #expect(try pod.processes().isEmpty)
            #expect(try pod.child("helper").processes() == [helper])
            #expect(try pod.child(id).processes().count == 1)
            #expect(try await fixture.service.execSync(["true"], in: id).status == .exited(code: 0))
            try await fixture.service.removePodSandbox(sandbox)
            #expect(!pod.exists)
        }
    }

    @Test func deviceProgramsRestrict() async throws {
        try await Self.run { fixture in
            let script = """
                mknod /tmp/fuse c 10 229; true < /tmp/fuse; head -c 1 /dev/zero | wc -c; stat -f -c %T /sys/fs/cgroup
                cat /proc/self/cgroup
                """
            let lines = try await fixture.outcome(of: fixture.container(script)).lines
            #expect(lines.contains { $0.contains("/tmp/fuse: Operation not permitted") })
            #expect(lines.contains("stdout F 1"))
            #expect(lines.contains("stdout F 0::/"))
            var config = fixture.container("mknod /tmp/fuse c 10 229; true < /tmp/fuse && echo opened")
            config.security.isPrivileged = true
            config.logPath = "privileged/0.log"
            let other = try await fixture.outcome(of: config, fixture.podConfig("other")).lines
            #expect(other == ["stdout F opened"])
        }
    }
}
