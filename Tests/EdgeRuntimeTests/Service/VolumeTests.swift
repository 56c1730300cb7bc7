import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct VolumeTests {
    private func makeVolume(_ fixture: RuntimeFixture) throws -> String {
        let volume = fixture.directory + "/volume"
        try Directory.make(volume + "/sub")
        try File.write(Array("content\n".utf8), to: volume + "/file")
        try File.write(Array("below\n".utf8), to: volume + "/sub/file")
        try SymbolicLink.make(volume + "/escape", contents: "/etc")
        return volume
    }

    @Test func bindsFilesAndDirectories() async throws {
        try await RuntimeFixture.run { fixture in
            let volume = try makeVolume(fixture)
            var config = fixture.container(
                "cat /data/file /etc/one /sub/file; echo x > /data/new; echo y > /ro/new; echo z > /etc/one")
            config.mounts = [
                VolumeMount(host: volume, target: "/data"),
                VolumeMount(host: volume, target: "/ro", isReadOnly: true),
                VolumeMount(host: volume + "/file", target: "/etc/one", isReadOnly: true),
                VolumeMount(source: .host(path: volume, subPath: "sub"), target: "/sub"),
            ]
            let (_, lines) = try await fixture.outcome(of: config)
            #expect(lines.prefix(3) == ["stdout F content", "stdout F content", "stdout F below"])
            #expect(lines.filter { $0.contains("Read-only") }.count == 2)
            #expect(try File.readText(volume + "/new") == "x\n")
        }
    }

    @Test func aSubPathNeverLeavesItsVolume() async throws {
        try await RuntimeFixture.run { fixture in
            let volume = try makeVolume(fixture)
            for path in ["escape", "../..", "escape/passwd"] {
                var config = fixture.container("true")
                config.mounts = [VolumeMount(source: .host(path: volume, subPath: path), target: "/x")]
                await #expect(throws: RuntimeError.self) { try await fixture.start(config) }
            }
            var config = fixture.container("touch /x/made")
            var mount = VolumeMount(source: .host(path: volume, subPath: "new/dir"), target: "/x")
            mount.createsSource = true
            config.mounts = [mount]
            let (exit, _) = try await fixture.outcome(of: config)
            #expect(exit.code == 0)
            #expect(File.exists(volume + "/new/dir/made"))
        }
    }

    @Test func targetsAreResolvedInsideTheContainer() async throws {
        try await RuntimeFixture.run { fixture in
            let volume = try makeVolume(fixture)
            // The image says /out is the host's /tmp; it is the container's.
            try SymbolicLink.make(fixture.layers[1] + "/out", contents: "/tmp/edge-test-target")
            try SymbolicLink.make(fixture.layers[1] + "/climb", contents: "../../../../../tmp")
            try Directory.make(fixture.layers[1] + "/tmp/edge-test-target")
            var config = fixture.container("cat /tmp/edge-test-target/file /tmp/other/file")
            config.mounts = [
                VolumeMount(host: volume, target: "/out"), VolumeMount(host: volume, target: "/climb/other"),
            ]
            let (_, lines) = try await fixture.outcome(of: config)
            #expect(lines == ["stdout F content", "stdout F content"])
            #expect(!File.exists("/tmp/edge-test-target"))
            #expect(!File.exists("/tmp/other"))
        }
    }

    @Test func aMissingSourceIsAnErrorUnlessItIsToBeMade() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("ls -d /x")
            var mount = VolumeMount(host: fixture.directory + "/absent/dir", target: "/x")
            config.mounts = [mount]
            let error = await #expect(throws: RuntimeError.self) { try await fixture.start(config) }
            #expect(error?.message.contains("no such file or directory") == true)
            mount.createsSource = true
            config.mounts = [mount]
            let (exit, _) = try await fixture.outcome(of: config)
            #expect(exit.code == 0)
        }
    }

    /// On a host without shared mounts there is nothing to pass on.
    @Test func propagationNeedsASharedMount() async throws {
        try await RuntimeFixture.run { fixture in
            let volume = try makeVolume(fixture)
            try Mount.bind(volume, at: volume)
            try Mount.makePrivate(volume)
            var mount = VolumeMount(host: volume, target: "/x")
            mount.propagation = .shared
            var config = fixture.container("true")
            config.mounts = [mount]
            let error = await #expect(throws: RuntimeError.self) { try await fixture.start(config) }
            #expect(error?.message.contains("is not a shared mount") == true)
            try Mount.unmount(volume)
        }
    }

    @Test func mountsPropagateWhereAsked() async throws {
        try await RuntimeFixture.run { fixture in
            let volume = try makeVolume(fixture)
            try Mount.bind(volume, at: volume)
            try Mount.makeShared(volume)
            var config = fixture.container(
                "echo ready; read go; ls /slave/sub /private/sub; mount -t tmpfs x /shared/sub && echo done; read end"
            )
            config.hasInput = true
            config.security.isPrivileged = true
            config.mounts = ["private", "slave", "shared"].map { VolumeMount(host: volume, target: "/" + $0) }
            config.mounts[1].propagation = .slave
            config.mounts[2].propagation = .shared
            let (_, id) = try await fixture.start(config)
            try await fixture.waitForLine("stdout F ready", of: id)
            try Mount.mount(type: "tmpfs", source: "t", at: volume + "/sub")
            try File.write([], to: volume + "/sub/from-host")
            let session = try await fixture.service.attach(id)
            try await session.input?.write(Array("go\n".utf8))
            try await fixture.waitForLine("stdout F done", of: id)
            let mounts = try MountInfo.current().filter { $0.mountPoint == volume + "/sub" }
            #expect(mounts.count == 2)
            try await fixture.service.stopContainer(id, grace: .zero)
            let lines = try await fixture.finish(id).lines
            #expect(
                Set(lines) == [
                    "stdout F ready", "stdout F /private/sub:", "stdout F file", "stdout F ",
                    "stdout F /slave/sub:", "stdout F from-host", "stdout F done",
                ])
            for _ in 0..<2 { try Mount.unmount(volume + "/sub") }
            try Mount.unmount(volume)
        }
    }

    @Test func devicesOfTheHostCanBeGiven() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("head -c 1 /dev/given | wc -c; ls -l /dev/given")
            config.devices = [HostDevice(hostPath: "/dev/zero", containerPath: "/dev/given")]
            let (exit, lines) = try await fixture.outcome(of: config)
            #expect(exit.code == 0)
            #expect(lines.first == "stdout F 1")
            config.devices = [HostDevice(hostPath: "/tmp", containerPath: "/dev/given")]
            await #expect(throws: RuntimeError.self) { try await fixture.start(config) }
        }
    }
}
