import EdgeSystem
import Testing

@testable import EdgeRuntime

/// After many lives nothing is left behind. Alone in the process, since it counts what the process has.
@Suite(.serialized) struct LeakTests {
    private struct Census: Equatable {
        var mounts: Int
        var groups: Int
        var files: Int
    }

    private func census(_ fixture: RuntimeFixture) throws -> Census {
        let groups = fixture.configuration.cgroupRoot.child("kubepods").child("podpod")
        return Census(
            mounts: try MountInfo.current().filter { $0.mountPoint.hasPrefix(fixture.directory) }.count,
            groups: try Directory.names(try #require(groups.unifiedDirectory)).count,
            files: try Directory.names(fixture.configuration.containerDirectory).count)
    }

    @Test func containersLeaveNothing() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, keeper) = try await fixture.start(fixture.container("exec sleep 1000"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            func one(_ number: Int) async throws {
                var config = fixture.container("echo \(number); exit 1")
                config.logPath = "other/0.log"
                config.hasTerminal = number % 3 == 0
                config.hasInput = number % 2 == 0
                let (_, id) = try await fixture.start(config, in: sandbox)
                if number % 4 == 0 { _ = try? await fixture.service.attach(id) }
                if number % 5 == 0 { _ = try await fixture.service.execSync(["true"], in: keeper) }
                await fixture.service.waitForExit(id)
                try await fixture.service.removeContainer(id)
            }
            for number in 0..<10 { try await one(number) }
            let before = try census(fixture)
            let descriptors = try Directory.names("/proc/\(helper)/fd").count
            let memory = try ProcessMemory.of(helper).anonymous
            for number in 0..<200 { try await one(number) }
            #expect(try census(fixture) == before)
            #expect(try Directory.names("/proc/\(helper)/fd").count == descriptors)
            #expect(try ProcessMemory.of(helper).anonymous <= memory + 16384)
            let children = try File.readText("/proc/\(helper)/task/\(helper)/children").split(separator: " ")
            #expect(children.count == 1)
        }
    }

    @Test func sandboxesLeaveNothing() async throws {
        try await RuntimeFixture.run { fixture in
            for number in 0..<20 {
                let (sandbox, _) = try await fixture.start(fixture.container("exec sleep 1000"))
                if number % 2 == 0 { try await fixture.service.stopPodSandbox(sandbox) }
                try await fixture.service.removePodSandbox(sandbox)
            }
            #expect(try MountInfo.current().filter { $0.mountPoint.hasPrefix(fixture.directory) }.isEmpty)
            #expect(!fixture.configuration.cgroupRoot.child("kubepods").child("podpod").exists)
            #expect(try Directory.names(fixture.configuration.runDirectory + "/sandboxes").isEmpty)
        }
    }

    @Test func theHelperHasNothingOfEdges() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("exec sleep 1000"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            let targets = try Directory.names("/proc/\(helper)/fd").map {
                try SymbolicLink.read("/proc/\(helper)/fd/\($0)")
            }
            // null three times, the sockets, the directory, epoll, signals, namespace, and the container's.
            #expect(targets.filter { $0 == "/dev/null" }.count == 3)
            #expect(targets.count <= 16)
            let groups = try File.readText("/proc/\(helper)/cgroup").split(separator: "\n")
            #expect(
                groups.filter { $0.contains("/kubepods/podpod") }.count
                    == fixture.configuration.cgroupRoot.layout.hierarchies.count)
            // The binary is seen through a read-only mount: nothing in a pod could write to it.
            #expect(try FileSystemStatus(of: "/proc/\(helper)/exe").isReadOnly)
            guard case .running(let pid) = try fixture.service.container(id).state else { return }
            let open = try Directory.names("/proc/\(pid)/fd").sorted()
            #expect(open == ["0", "1", "2"])
        }
    }
}
