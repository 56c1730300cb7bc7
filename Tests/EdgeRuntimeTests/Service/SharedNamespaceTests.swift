import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct SharedNamespaceTests {
    @Test func containersOfAPodShareNetworkMemoryAndName() async throws {
        try await RuntimeFixture.run { fixture in
            var pod = fixture.podConfig()
            pod.hostname = "both"
            var server = fixture.container("echo shared > /dev/shm/x; echo hi | nc -l -p 7000 127.0.0.1")
            server.logPath = "server/0.log"
            let (sandbox, id) = try await fixture.start(server, pod)
            let script =
                "until [ -s /dev/shm/x ]; do sleep 0.01; done; cat /dev/shm/x; hostname; until nc 127.0.0.1 7000; do sleep 0.01; done"
            let (_, client) = try await fixture.start(fixture.container(script), in: sandbox)
            #expect(
                try await fixture.finish(client).lines == ["stdout F shared", "stdout F both", "stdout F hi"])
            await fixture.service.waitForExit(id)
        }
    }

    @Test func processNamespacesAreSeparateUnlessShared() async throws {
        for shared in [false, true] {
            try await RuntimeFixture.run { fixture in
                var pod = fixture.podConfig()
                pod.sharesProcessNamespace = shared
                var first = fixture.container("exec sleep 1234")
                first.logPath = "first/0.log"
                let (sandbox, id) = try await fixture.start(first, pod)
                let (_, second) = try await fixture.start(
                    fixture.container(
                        "ps -o pid,comm,args | grep -c '[s]leep 1234'; echo $$; (sleep 0.05; echo orphan) &"),
                    in: sandbox)
                let lines = try await fixture.finish(second).lines
                #expect(lines.first == (shared ? "stdout F 1" : "stdout F 0"))
                #expect((lines.dropFirst().first == "stdout F 1") == !shared)
                try await fixture.service.stopContainer(id, grace: .zero)
                try await fixture.service.removePodSandbox(sandbox)
            }
        }
    }

    @Test func hostNamespacesAreTheHosts() async throws {
        try await RuntimeFixture.run { fixture in
            var pod = fixture.podConfig()
            pod.hostNetwork = true
            pod.hostPID = true
            pod.hostIPC = true
            let script = "for n in net pid ipc uts; do readlink /proc/self/ns/$n; done; sleep 300 & echo left"
            let (sandbox, id) = try await fixture.start(fixture.container(script), pod)
            let lines = try await fixture.finish(id).lines
            let expected = try ["net", "pid", "ipc", "uts"].map {
                "stdout F " + (try SymbolicLink.read("/proc/self/ns/\($0)"))
            }
            #expect(lines == expected + ["stdout F left"])
            #expect(try fixture.service.podSandbox(sandbox).networkNamespacePath == nil)
            // What it has left running is ended with it.
            let group = fixture.configuration.cgroupRoot.child("kubepods/podpod").child(id)
            try await fixture.service.removeContainer(id)
            #expect(!group.exists)
        }
    }

    @Test func portsOfThePodCanBeReached() async throws {
        try await RuntimeFixture.run { fixture in
            // 7001 is 1B59 in the kernel's table of sockets.
            let script = """
                echo pong | nc -l -p 7001 & until grep -q :1B59 /proc/net/tcp*; do :; done; echo ready; wait
                """
            let (sandbox, id) = try await fixture.start(fixture.container(script))
            try await fixture.waitForLine("stdout F ready", of: id)
            let socket = try await fixture.service.dial(port: 7001, inSandbox: sandbox)
            let connection = try AsyncDescriptor(socket, reactor: try Reactor())
            #expect(try await connection.read() == Array("pong\n".utf8))
            await #expect(throws: SystemError.self) {
                _ = try await fixture.service.dial(port: 7002, inSandbox: sandbox)
            }
        }
    }
}
