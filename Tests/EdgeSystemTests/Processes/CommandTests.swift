import Testing

@testable import EdgeSystem

@Suite struct CommandTests {
    private func run(_ arguments: [String]) async throws -> EdgeSystem.ExitStatus {
        let command = Command(.path("/bin/busybox"), arguments: ["busybox"] + arguments)
        let child = try command.start(reactor: try Reactor())
        return await child.exitStatus
    }

    @Test func reportsHowItEnded() async throws {
        #expect(try await run(["true"]) == .exited(code: 0))
        #expect(try await run(["sh", "-c", "exit 7"]) == .exited(code: 7))
        #expect(try await run(["sh", "-c", "kill -9 $$"]) == .signalled(9))
        #expect(EdgeSystem.ExitStatus.signalled(9).code == 137)
    }

    @Test func failsWithTheReasonOfExec() throws {
        let command = Command(.path("/nowhere/x"), arguments: ["x"])
        #expect(throws: SystemError("start", "/nowhere/x", .noEntry)) {
            _ = try command.start(reactor: try Reactor())
        }
    }

    @Test func handsOverOnlyTheGivenDescriptors() async throws {
        let reactor = try Reactor()
        let ends = try Pipe().takeEnds()
        let extra = try File.open("/dev/null")
        var command = Command(.path("/bin/busybox"), arguments: ["busybox", "ls", "-1", "/proc/self/fd"])
        command.descriptors = [nil, ends.write.rawValue, nil, extra.rawValue]
        let child = try command.start(reactor: reactor)
        #expect(await child.exitStatus == .exited(code: 0))
        let output = try AsyncDescriptor(ends.read, reactor: reactor)
        let text = String(decoding: try await output.read() ?? [], as: UTF8.self)
        // 4 is the listing's own.
        #expect(text == "0\n1\n2\n3\n4\n")
    }

    private func output(_ arguments: [String], _ change: (inout Command) -> Void = { _ in }) async throws
        -> String
    {
        let reactor = try Reactor()
        let ends = try Pipe().takeEnds()
        var command = Command(.path("/bin/busybox"), arguments: ["busybox"] + arguments)
        command.descriptors = [nil, ends.write.rawValue, nil]
        change(&command)
        let child = try command.start(reactor: reactor)
        #expect(await child.exitStatus == .exited(code: 0))
        let reader = try AsyncDescriptor(ends.read, reactor: reactor)
        return String(decoding: try await reader.read() ?? [], as: UTF8.self)
    }

    @Test func makesNamespaces() async throws {
        let name = ["readlink", "/proc/self/ns/net"]
        let own = try SymbolicLink.read("/proc/self/ns/net") + "\n"
        #expect(try await output(name) == own)
        #expect(try await output(name) { $0.namespaces = [.network, .ipc, .uts] } != own)
    }

    @Test func leavesNoSignalIgnoredOrBlocked() async throws {
        let text = try await output(["grep", "-E", "SigIgn|SigBlk", "/proc/self/status"])
        #expect(text == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test func waitsForManyAtOnce() async throws {
        let reactor = try Reactor()
        await withTaskGroup(of: EdgeSystem.ExitStatus?.self) { group in
            for code in 0..<40 {
                group.addTask {
                    let command = Command(
                        .path("/bin/busybox"), arguments: ["busybox", "sh", "-c", "exit \(code)"])
                    let child = try? command.start(reactor: reactor)
                    return await child?.exitStatus
                }
            }
            var seen: Set<Int32> = []
            for await status in group { if case .exited(let code) = status { seen.insert(code) } }
            #expect(seen.count == 40)
        }
    }
}
