import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct ContainerLifecycleTests {
    @Test func runsToItsEndAndKeepsTheLog() async throws {
        try await RuntimeFixture.run { fixture in
            let (exit, lines) = try await fixture.outcome(
                of: fixture.container("echo hello; echo oops >&2; exit 3"))
            #expect(exit.code == 3)
            #expect(exit.reason == .error)
            #expect(Set(lines) == ["stdout F hello", "stderr F oops"])
        }
    }

    @Test func reportsSignals() async throws {
        try await RuntimeFixture.run { fixture in
            // The first process of a pid namespace cannot kill itself: its child does it to the host's eyes.
            let (_, id) = try await fixture.start(fixture.container("sleep 100"))
            try await fixture.service.stopContainer(id, grace: .zero)
            let (exit, _) = try await fixture.finish(id)
            #expect(exit.code == 137)
            #expect(exit.signal == 9)
            #expect(exit.reason == .error)
        }
    }

    @Test func stopsWithGrace() async throws {
        try await RuntimeFixture.run { fixture in
            let script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
            let (_, id) = try await fixture.start(fixture.container(script))
            try await fixture.waitForLine("stdout F ready", of: id)
            try await fixture.service.stopContainer(id, grace: .seconds(20))
            let (exit, lines) = try await fixture.finish(id)
            #expect(exit.code == 0)
            #expect(exit.reason == .completed)
            #expect(lines == ["stdout F ready", "stdout F bye"])
        }
    }

    @Test func killsWhatIgnoresTheSignal() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(
                fixture.container("trap '' TERM; echo ready; while :; do sleep 1; done"))
            try await fixture.waitForLine("stdout F ready", of: id)
            try await fixture.service.stopContainer(id, grace: .milliseconds(50))
            #expect(try await fixture.finish(id).exit.code == 137)
        }
    }

    @Test func usesTheImagesStopSignal() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done")
            config.stopSignal = 2
            let (_, id) = try await fixture.start(config)
            try await fixture.waitForLine("stdout F ready", of: id)
            try await fixture.service.stopContainer(id, grace: .seconds(20))
            #expect(try await fixture.finish(id).exit.code == 9)
        }
    }

    @Test(arguments: [
        (["nothing-of-this-name"], "exec: \"nothing-of-this-name\": executable file not found in $PATH"),
        (["/bin/absent"], "exec: \"/bin/absent\": no such file or directory"),
        (["/etc/passwd"], "exec: \"/etc/passwd\": permission denied"),
    ])
    func saysWhyItCannotStart(arguments: [String], message: String) async throws {
        try await RuntimeFixture.run { fixture in
            let error = await #expect(throws: RuntimeError.self) {
                try await fixture.start(fixture.command(arguments))
            }
            #expect(error?.code == .startFailed)
            #expect(error?.message.hasSuffix(message) == true)
            let container = try #require(fixture.service.listContainers().first)
            guard case .exited(let exit) = container.state else {
                Issue.record("not exited")
                return
            }
            #expect(exit.code == 128)
            #expect(exit.reason == .startError)
            #expect(exit.message.hasSuffix(message))
        }
    }

    @Test func recognisesTheEndOfMemory() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("x=$(yes | tr -d '\\n' | head -c 200000000); echo ${#x}")
            config.resources.memory = 16 << 20
            config.resources.memoryAndSwap = 16 << 20
            let (exit, _) = try await fixture.outcome(of: config)
            #expect(exit.reason == .outOfMemory)
            #expect(exit.code == 137)
        }
    }

    @Test func limitsProcesses() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait")
            config.resources.pids = 4
            let (_, lines) = try await fixture.outcome(of: config)
            #expect(lines.contains { $0.contains("can't fork") })
        }
    }

    @Test func refusesWhatMakesNoSense() async throws {
        try await RuntimeFixture.run { fixture in
            let sandbox = try await fixture.service.runPodSandbox(fixture.podConfig())
            for change in [
                { (config: inout ContainerConfig) in config.arguments = [] },
                { config in config.workingDirectory = "relative" },
                { config in config.mounts = [VolumeMount(host: "/tmp", target: "relative")] },
                { config in config.logPath = "../../etc/x" },
                { config in config.user.name = "stranger" },
                { config in config.security.addedCapabilities = ["FLY"] },
                { config in config.root = .layers([]) },
            ] {
                var config = fixture.container("true")
                change(&config)
                await #expect(throws: RuntimeError.self) {
                    _ = try await fixture.service.createContainer(config, in: sandbox.id)
                }
            }
            #expect(fixture.service.listContainers().isEmpty)
            await #expect(throws: RuntimeError.self) {
                _ = try await fixture.service.createContainer(fixture.container("true"), in: "unknown")
            }
        }
    }

    @Test func aContainerStartsOnceAndIsRemovedOnlyWhenItHasEnded() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("sleep 100"))
            await #expect(throws: RuntimeError.self) { try await fixture.service.startContainer(id) }
            await #expect(throws: RuntimeError.self) { try await fixture.service.removeContainer(id) }
            try await fixture.service.stopContainer(id, grace: .zero)
            try await fixture.service.removeContainer(id)
            try await fixture.service.removeContainer(id)
            #expect(fixture.service.listContainers().isEmpty)
            #expect(try Directory.names(fixture.configuration.containerDirectory).isEmpty)
            #expect(fixture.service.listPodSandboxes().map(\.id) == [sandbox])
        }
    }

    @Test func tellsWhatHappens() async throws {
        try await RuntimeFixture.run { fixture in
            var events = fixture.service.eventStream().makeAsyncIterator()
            let (sandbox, id) = try await fixture.start(fixture.container("read line"))
            await fixture.service.waitForExit(id)
            let first = await events.next()
            let second = await events.next()
            #expect(
                Set([first, second].compactMap { $0 }.map { "\($0)" }) == [
                    "\(RuntimeEvent.containerStarted(sandboxID: sandbox, containerID: id))",
                    "\(RuntimeEvent.containerExited(sandboxID: sandbox, containerID: id))",
                ])
        }
    }

    @Test func theEndOfASandboxEndsEverything() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("sleep 100"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            try await fixture.service.stopPodSandbox(sandbox)
            #expect(try fixture.service.podSandbox(sandbox).state == .notReady)
            #expect(try await fixture.finish(id).exit.code == 137)
            try await fixture.service.removePodSandbox(sandbox)
            #expect(ProcessStat.of(helper).map { $0.state == "Z" } ?? true)
            #expect(try Directory.names(fixture.configuration.runDirectory + "/sandboxes").isEmpty)
            #expect(!fixture.configuration.cgroupRoot.child("kubepods/podpod").exists)
        }
    }

    @Test func noticesADeadHelper() async throws {
        try await RuntimeFixture.run { fixture in
            var events = fixture.service.eventStream().makeAsyncIterator()
            let (sandbox, id) = try await fixture.start(fixture.container("sleep 100"))
            try Signal.send(9, to: fixture.service.podSandbox(sandbox).helperPID)
            while let event = await events.next(), event != .sandboxLost(sandboxID: sandbox) {}
            #expect(try fixture.service.podSandbox(sandbox).state == .notReady)
            let (exit, _) = try await fixture.finish(id)
            #expect(exit.code == 255)
            #expect(exit.reason == .unknown)
        }
    }
}
