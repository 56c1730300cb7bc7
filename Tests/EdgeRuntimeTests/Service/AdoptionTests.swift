import EdgeSystem
import Testing

@testable import EdgeRuntime

/// Pods outlive edge: a second service on the same run directory stands for edge after a crash.
@Suite struct AdoptionTests {
    @Test func takesOverRunningPods() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("echo before; read line; echo after $line; exit 4")
            config.hasInput = true
            var pod = fixture.podConfig()
            pod.labels = ["app": "web"]
            let (sandbox, id) = try await fixture.start(config, pod)
            let old = try fixture.service.container(id)
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            fixture.service.disconnect()

            let next = try await fixture.anotherService()
            #expect(try next.podSandbox(sandbox).state == .ready)
            #expect(try next.podSandbox(sandbox).helperPID == helper)
            #expect(try next.podSandbox(sandbox).labels == ["app": "web"])
            let new = try next.container(id)
            #expect(new.state == old.state)
            #expect(new.started == old.started)
            #expect(new.created == old.created)
            #expect(try await next.execSync(["echo", "hi"], in: id).output == Array("hi\n".utf8))
            let session = try await next.attach(id)
            try await session.input?.write(Array("now\n".utf8))
            await next.waitForExit(id)
            guard case .exited(let exit) = try next.container(id).state else {
                Issue.record("not exited")
                return
            }
            #expect(exit.code == 4)
            #expect(try fixture.lines(new.logPath) == ["stdout F before", "stdout F after now"])
            try await next.removePodSandbox(sandbox)
        }
    }

    @Test func learnsOfEndsThatItMissed() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("sleep 0.3; echo late; exit 6"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            fixture.service.disconnect()
            // The helper writes the exit down; inotify tells when.
            let watcher = try FileWatcher(reactor: try Reactor())
            let directory = "\(fixture.configuration.runDirectory)/sandboxes/\(sandbox)"
            try watcher.watch(directory, for: [.movedTo])
            if !File.exists("\(directory)/\(id).exit") {
                for await change in watcher.changes where change.name == "\(id).exit" { break }
            }
            let next = try await fixture.anotherService()
            guard case .exited(let exit) = try next.container(id).state else {
                Issue.record("not exited")
                return
            }
            #expect(exit.code == 6)
            #expect(exit.reason == .error)
            #expect(try next.podSandbox(sandbox).helperPID == helper)
            #expect(try fixture.lines(try next.container(id).logPath) == ["stdout F late"])
            try await next.removePodSandbox(sandbox)
            #expect(next.listPodSandboxes().isEmpty)
        }
    }

    @Test func twoEdgesDoNotShareARunDirectory() async throws {
        try await RuntimeFixture.run { fixture in
            await #expect(throws: RuntimeError.self) { _ = try await fixture.anotherService() }
            fixture.service.disconnect()
            _ = try await fixture.anotherService()
        }
    }

    @Test func deadPodsAreKnownToBeDead() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("sleep 100"))
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            fixture.service.disconnect()
            try Signal.send(9, to: helper)
            try fixture.configuration.cgroupRoot.child("kubepods/podpod").kill()
            let next = try await fixture.anotherService()
            #expect(try next.podSandbox(sandbox).state == .notReady)
            guard case .exited(let exit) = try next.container(id).state else {
                Issue.record("not exited")
                return
            }
            #expect(exit.reason == .unknown)
            try await next.removePodSandbox(sandbox)
            #expect(try Directory.names(fixture.configuration.containerDirectory).isEmpty)
        }
    }

    @Test func whatNeverStartedIsForgotten() async throws {
        try await RuntimeFixture.run { fixture in
            let sandbox = try await fixture.service.runPodSandbox(fixture.podConfig())
            _ = try await fixture.service.createContainer(fixture.container("true"), in: sandbox.id)
            fixture.service.disconnect()
            let next = try await fixture.anotherService()
            #expect(next.listContainers().isEmpty)
            #expect(next.listPodSandboxes().count == 1)
            #expect(try Directory.names(fixture.configuration.containerDirectory).isEmpty)
            try await next.removePodSandbox(sandbox.id)
        }
    }

    @Test func anotherBootsRemainsAreRemoved() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("true"))
            await fixture.service.waitForExit(id)
            try await fixture.service.stopPodSandbox(sandbox)
            fixture.service.disconnect()
            let path = "\(fixture.configuration.runDirectory)/sandboxes/\(sandbox)/sandbox.json"
            let text = try File.readText(path)
            let boot = try BootIdentity.current()
            try File.write(
                Array(text.split(separator: boot).joined(separator: "another-boot").utf8), to: path)
            let next = try await fixture.anotherService()
            #expect(next.listPodSandboxes().isEmpty)
            #expect(try Directory.names(fixture.configuration.runDirectory + "/sandboxes").isEmpty)
            #expect(try Directory.names(fixture.configuration.containerDirectory).isEmpty)
        }
    }
}
