import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeRuntime

@Suite struct RecordTests {
    @Test func recordsSurviveTheirWriting() throws {
        var pod = PodSandboxConfig(name: "p", namespace: "n", uid: "u", logDirectory: "/l", cgroup: "c")
        pod.labels = ["a": "b"]
        pod.hostPID = true
        let sandbox = SandboxRecord(id: "s", config: pod, created: Timestamp(nanoseconds: 5), bootID: "boot")
        #expect(try SandboxRecord(json: try JSONParser.parse(sandbox.json.encoded)) == sandbox)

        var config = ContainerConfig(name: "c", root: .directory("/"), arguments: ["x"])
        config.logPath = "c/0.log"
        config.stopSignal = 2
        var process = ProcessSpec()
        process.environment = ["A=\"b\"\n", "PATH=/x"]
        process.user.groups = [1, .max]
        process.capabilities = .all
        process.resourceLimits = [ResourceLimit(resource: 7, soft: 1, hard: .max)]
        let container = ContainerRecord(
            id: "i", sandbox: sandbox, config: config, created: Timestamp(nanoseconds: 6), process: process)
        #expect(container.logPath == "/l/c/0.log")
        #expect(try ContainerRecord(json: try JSONParser.parse(container.json.encoded)) == container)
    }

    @Test func otherVersionsAreRefused() {
        #expect(throws: RuntimeError.self) { try SandboxRecord(json: ["version": 2]) }
    }

    @Test(arguments: [
        ("1 3 0 0 10 20\n", 3, ContainerExit.Reason.error, ""), ("1 0 0 0 10 20\n", 0, .completed, ""),
        ("1 0 9 1 10 20\n", 137, .outOfMemory, ""), ("1 0 15 0 10 20\n", 143, .error, ""),
        ("1 128 0 0 10 20\nno such file", 128, .startError, "no such file"),
    ])
    func readsExits(text: String, code: Int32, reason: ContainerExit.Reason, message: String) throws {
        let record = try #require(ExitRecord(text: text))
        #expect(record.text == text)
        #expect(record.containerExit.code == code)
        #expect(record.containerExit.reason == reason)
        #expect(record.containerExit.message == message)
        #expect(record.finished == Timestamp(nanoseconds: 20))
    }

    @Test(arguments: ["", "2 0 0 0 1 2\n", "1 0 0", "garbage"])
    func refusesOtherText(text: String) {
        #expect(ExitRecord(text: text) == nil)
    }
}
