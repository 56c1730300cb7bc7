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

    @Test func makesNamespacesAndNoSignalIsLeftIgnored() async throws {
        let reactor = try Reactor()
        let ends = try Pipe().takeEnds()
        var command = Command(
            .path("/bin/busybox"),
            arguments: [
                "busybox", "sh", "-c",
                "readlink /proc/self/ns/net; busybox grep -E 'SigIgn|SigBlk' /proc/self/status",
            ])
        command.environment = ["PATH=/bin:/usr/bin"]
        command.descriptors = [nil, ends.write.rawValue, nil]
        command.namespaces = [.network, .ipc, .uts]
        let child = try command.start(reactor: reactor)
        #expect(await child.exitStatus == .exited(code: 0))
        let output = try AsyncDescriptor(ends.read, reactor: reactor)
        let lines = String(decoding: try await output.read() ?? [], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.dropFirst().allSatisfy { $0.hasSuffix("0000000000000000") })
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
