import EdgeSystem
import Testing

@testable import EdgeRuntime

/// What a container sees and may do.
@Suite struct ContainerEnvironmentTests {
    private func output(
        _ script: String, _ change: (inout ContainerConfig) -> Void = { _ in },
        pod: (inout PodSandboxConfig) -> Void = { _ in }
    ) async throws -> [String] {
        var lines: [String] = []
        try await RuntimeFixture.run { fixture in
            var config = fixture.container(script)
            change(&config)
            var podConfig = fixture.podConfig()
            pod(&podConfig)
            lines = try await fixture.outcome(of: config, podConfig).lines
        }
        return lines.map { String($0.dropFirst("stdout F ".count)) }
    }

    @Test func livesInNamespacesOfItsOwn() async throws {
        let lines = try await output(
            "echo $$; hostname; ls /sys/class/net; readlink /proc/1/exe; ls -1 /proc/self/fd",
            pod: { $0.hostname = "web-1" })
        #expect(lines == ["1", "web-1", "lo", "/bin/busybox", "0", "1", "2", "3"])
    }

    @Test func hasTheUsualDevices() async throws {
        let lines = try await output(
            """
            for d in null zero full random urandom tty; do [ -c /dev/$d ] || echo missing $d; done
            for l in fd stdin stdout stderr ptmx; do [ -L /dev/$l ] || echo missing $l; done
            head -c 3 /dev/zero | wc -c; echo lost > /dev/null; echo reopened > /dev/stdout
            ls -A /dev/pts /dev/mqueue /dev/shm; stat -f -c %T /dev/shm /dev/mqueue /dev/pts
            """)
        #expect(lines.filter { $0.hasPrefix("missing") }.isEmpty)
        #expect(lines.contains("3"))
        #expect(lines.contains("reopened"))
        #expect(lines.contains("ptmx"))
    }

    @Test func hidesTheHostsKernel() async throws {
        let lines = try await output(
            """
            [ -s /proc/kcore ] && echo kcore; cat /proc/keys /proc/timer_list; ls -A /sys/firmware /proc/acpi 2>/dev/null
            echo 1 > /proc/sys/kernel/printk; echo 1 > /sys/kernel/mm/ksm/run; echo c > /proc/sysrq-trigger
            touch /sys/fs/cgroup/x; mkdir /sys/fs/cgroup/memory/x
            echo done
            """)
        #expect(lines.filter { $0.contains("kcore") && !$0.contains(":") }.isEmpty)
        #expect(lines.last == "done")
        #expect(lines.filter { $0.localizedReadOnly }.count >= 3)
    }

    @Test func seesItsOwnGroupAsTheRoot() async throws {
        let lines = try await output(
            "cat /proc/self/cgroup; cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max"
        ) {
            $0.resources.memory = 64 << 20
        }
        let own = lines.filter { $0.contains(":") && !$0.contains("name=") }
        #expect(own.allSatisfy { $0.hasSuffix(":/") })
        #expect(lines.contains("67108864"))
    }

    @Test func hasTheDefaultCapabilities() async throws {
        // Without a shell, which ignores a signal of its own.
        let lines = try await output("") {
            $0.arguments = ["grep", "-E", "Cap|NoNewPrivs|Seccomp:|SigIgn|SigBlk", "/proc/self/status"]
        }
        #expect(
            lines.map { $0.filter { !$0.isWhitespace } } == [
                "SigBlk:0000000000000000", "SigIgn:0000000000000000", "CapInh:0000000000000000",
                "CapPrm:00000000a80425fb",
                "CapEff:00000000a80425fb", "CapBnd:00000000a80425fb", "CapAmb:0000000000000000",
                "NoNewPrivs:0",
                "Seccomp:2",
            ])
    }

    @Test func canBeRestrictedFurther() async throws {
        let lines = try await output(
            "grep -E 'CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; id -u; id -g; id -G"
        ) {
            $0.security.droppedCapabilities = ["ALL"]
            $0.security.addedCapabilities = ["NET_BIND_SERVICE"]
            $0.security.noNewPrivileges = true
            $0.user.name = "web"
            $0.user.supplementalGroups = [77]
        }
        #expect(
            lines.map { $0.filter { $0 != "\t" } } == [
                "CapBnd:0000000000000400", "NoNewPrivs:1", "Seccomp:2", "1001", "1002", "1002 77 2001",
            ])
    }

    @Test func ambientCapabilitiesReachOtherUsers() async throws {
        let lines = try await output("grep -E 'CapEff|CapAmb' /proc/self/status") {
            $0.user.uid = 1001
            $0.security.addedCapabilities = ["NET_BIND_SERVICE"]
            $0.security.ambientCapabilities = ["NET_BIND_SERVICE"]
        }
        #expect(
            lines.map { $0.filter { $0 != "\t" } } == ["CapEff:0000000000000400", "CapAmb:0000000000000400"])
    }

    @Test func theFilterForbidsWhatItShould() async throws {
        let lines = try await output(
            "mount -t tmpfs x /tmp; unshare -n true; chroot / true && echo chroot; mknod /tmp/a c 1 3 && echo mknod"
        ) {
            // With the capability, only the filter is left to refuse.
            $0.security.addedCapabilities = ["SYS_CHROOT"]
        }
        #expect(lines.filter { $0.contains("not permitted") || $0.contains("denied") }.count == 2)
        #expect(lines.contains("chroot"))
        #expect(lines.contains("mknod"))
    }

    @Test func unlistedDevicesCannotBeOpened() async throws {
        let lines = try await output(
            "mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem; mknod /tmp/n c 1 3 && echo ok > /tmp/n && echo null")
        #expect(lines.contains { $0.contains("not permitted") })
        #expect(lines.contains("null"))
    }

    @Test func privilegedContainersMayAll() async throws {
        let lines = try await output(
            "mount -t tmpfs x /tmp && echo mounted; grep Seccomp: /proc/self/status; [ -c /dev/kmsg ] && echo kmsg; touch /sys/fs/cgroup/x 2>&1 | grep -c Read-only"
        ) {
            $0.security.isPrivileged = true
        }
        #expect(lines.map { $0.filter { $0 != "\t" } } == ["mounted", "Seccomp:0", "kmsg", "0"])
    }

    @Test func aReadOnlyRootKeepsItsVolumesWritable() async throws {
        try await RuntimeFixture.run { fixture in
            try Directory.make(fixture.directory + "/volume")
            var config = fixture.container(
                "(touch /x); touch /data/y && echo data; touch /dev/shm/z && echo shm; touch /mem/m && echo mem"
            )
            config.isRootReadOnly = true
            config.mounts = [
                VolumeMount(host: fixture.directory + "/volume", target: "/data"),
                VolumeMount(source: .memory(size: 1 << 20), target: "/mem"),
            ]
            let (_, lines) = try await fixture.outcome(of: config)
            #expect(
                Set(lines) == [
                    "stderr F touch: /x: Read-only file system", "stdout F data", "stdout F shm",
                    "stdout F mem",
                ])
            #expect(File.exists(fixture.directory + "/volume/y"))
        }
    }

    @Test func setsLimitsAndTheWorkingDirectory() async throws {
        let lines = try await output(
            "pwd; ulimit -n; ulimit -c; cat /proc/self/oom_score_adj; echo $HOME; umask"
        ) {
            $0.workingDirectory = "/made/for/it"
            $0.resourceLimits = [
                ResourceLimit(resource: 7, soft: 100, hard: 200),
                ResourceLimit(resource: 4, soft: 0, hard: 0),
            ]
            $0.oomScoreAdjustment = 500
        }
        #expect(lines == ["/made/for/it", "100", "0", "500", "/root", "0022"])
    }

    @Test func setsTheSysctlsOfThePodOnly() async throws {
        let name = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
        let before = try File.readText(name)
        let lines = try await output(
            "cat \(name) /proc/sys/kernel/shm_rmid_forced",
            pod: {
                $0.sysctls = ["net.ipv4.ip_unprivileged_port_start": "0", "kernel.shm_rmid_forced": "1"]
            })
        #expect(lines == ["0", "1"])
        #expect(try File.readText(name) == before)
    }
}

extension String {
    fileprivate var localizedReadOnly: Bool { contains("Read-only file system") }
}
