import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct ExecTests {
    @Test func runsInTheContainer() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("echo 1 > /tmp/mark; echo ready; exec sleep 100")
            config.user.name = "web"
            config.mounts = [VolumeMount(source: .memory(size: nil), target: "/tmp")]
            config.environment.append("FROM=container")
            config.workingDirectory = "/tmp"
            let (_, id) = try await fixture.start(config)
            try await fixture.waitForLine("stdout F ready", of: id)
            let result = try await fixture.service.execSync(
                [
                    "sh", "-c",
                    "cat mark; id -u; echo $FROM; echo oops >&2; grep CapEff /proc/self/status; exit 5",
                ],
                in: id)
            #expect(result.status == .exited(code: 5))
            #expect(
                String(decoding: result.output, as: UTF8.self)
                    == "1\n1001\ncontainer\nCapEff:\t0000000000000000\n")
            #expect(result.errorOutput == Array("oops\n".utf8))
        }
    }

    @Test func sharesTheContainersNamespacesAndGroup() async throws {
        try await RuntimeFixture.run { fixture in
            let (sandbox, id) = try await fixture.start(fixture.container("exec sleep 100"))
            guard case .running(let pid) = try fixture.service.container(id).state else {
                Issue.record("not running")
                return
            }
            let result = try await fixture.service.execSync(
                [
                    "sh", "-c",
                    "for n in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; done; grep Seccomp: /proc/self/status",
                ],
                in: id)
            let inside = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(
                String.init)
            let outside = try ["mnt", "pid", "net", "ipc", "uts", "cgroup"].map {
                try SymbolicLink.read("/proc/\(pid)/ns/\($0)")
            }
            #expect(Array(inside.prefix(6)) == outside)
            #expect(inside.last == "Seccomp:\t2")
            let helper = try fixture.service.podSandbox(sandbox).helperPID
            let own = try SymbolicLink.read("/proc/self/ns/net")
            #expect(try SymbolicLink.read("/proc/\(helper)/ns/net") == outside[2])
            #expect(outside[2] != own)
        }
    }

    @Test func passesInputThrough() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(fixture.container("exec sleep 100"))
            var request = ExecRequest(["sh", "-c", "tr a-z A-Z; echo end"])
            request.wantsInput = true
            let session = try await fixture.service.exec(request, in: id)
            let text = String(repeating: "hello world\n", count: 20_000)
            async let writing: Void = {
                try await session.input?.write(Array(text.utf8))
                session.input?.close()
            }()
            var output: [UInt8] = []
            while let chunk = try await session.output?.read() { output += chunk }
            try await writing
            let isWhole = String(decoding: output, as: UTF8.self) == text.uppercased() + "end\n"
            #expect(isWhole, "\(output.count) bytes")
            #expect(await session.wait() == .exited(code: 0))
        }
    }

    @Test func givesATerminal() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(fixture.container("exec sleep 100"))
            var request = ExecRequest(["sh", "-c", "tty; stty size; read line; echo got $line; stty size"])
            request.hasTerminal = true
            request.wantsInput = true
            request.columns = 90
            request.rows = 30
            let session = try await fixture.service.exec(request, in: id)
            var text = ""
            while !text.contains("30 90"), let chunk = try await session.output?.read() {
                text += String(decoding: chunk, as: UTF8.self)
            }
            #expect(text.contains("/dev/pts/"))
            try session.resize(columns: 120, rows: 40)
            try await session.input?.write(Array("word\n".utf8))
            while let chunk = try await session.output?.read() {
                text += String(decoding: chunk, as: UTF8.self)
            }
            #expect(text.contains("got word"))
            #expect(text.contains("40 120"))
            #expect(await session.wait() == .exited(code: 0))
        }
    }

    @Test func saysWhyItCannotRun() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(fixture.container("exec sleep 100"))
            let error = await #expect(throws: RuntimeError.self) {
                try await fixture.service.execSync(["absent"], in: id)
            }
            #expect(error?.message.hasSuffix("exec: \"absent\": executable file not found in $PATH") == true)
            try await fixture.service.stopContainer(id, grace: .zero)
            await #expect(throws: RuntimeError.self) { try await fixture.service.execSync(["true"], in: id) }
        }
    }

    @Test func endsWithItsTimeAndWithItsContainer() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(fixture.container("exec sleep 100"))
            let error = await #expect(throws: RuntimeError.self) {
                try await fixture.service.execSync(["sleep", "100"], in: id, timeout: .milliseconds(50))
            }
            #expect(error?.code == .timedOut)
            let session = try await fixture.service.exec(ExecRequest(["sleep", "100"]), in: id)
            try await fixture.service.stopContainer(id, grace: .zero)
            #expect(await session.wait() == .signalled(9))
        }
    }

    @Test func limitsWhatItCollects() async throws {
        try await RuntimeFixture.run { fixture in
            let (_, id) = try await fixture.start(fixture.container("exec sleep 100"))
            let result = try await fixture.service.execSync(
                ["sh", "-c", "head -c 300000 /dev/zero; sleep 50 &"], in: id, limit: 1000)
            #expect(result.output.count == 1000)
            #expect(result.status == .exited(code: 0))
        }
    }
}
