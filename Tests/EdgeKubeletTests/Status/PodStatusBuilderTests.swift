import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeKubelet

struct PodStatusBuilderTests {
    private static let address = IPAddress.v4(IPv4Address(10, 42, 0, 9))
    private static let host = IPAddress.v4(IPv4Address(192, 168, 1, 5))

    private func run(_ name: String, _ state: ContainerRun.State, attempt: Int = 0) -> ContainerRun {
        ContainerRun(
            id: "id-\(name)-\(attempt)", name: name, attempt: attempt, sandboxID: "s", image: "img",
            imageID: "ref",
            created: time(0), started: time(1), state: state)
    }

    private func ended(_ code: Int) -> ContainerRun.State {
        .exited(
            .init(code: code, reason: code == 0 ? "Completed" : "Error", message: "bye", finished: time(5)))
    }

    private func build(
        _ spec: String, _ runs: [ContainerRun], waiting: [String: WaitingReason] = [:], status: String = "{}",
        isTerminating: Bool = false, probes: PodProbeResults = PodProbeResults(), hasSandbox: Bool = true
    ) throws -> PodStatus {
        let pod = try makePod(spec, status: status)
        var state = PodRuntimeState(runs: runs)
        if hasSandbox { state.sandboxes = [SandboxRun(id: "s", attempt: 0, created: time(0), isReady: true)] }
        return PodStatusBuilder(
            pod: pod, state: state, probes: probes, waiting: waiting,
            addresses: hasSandbox ? [Self.address] : [],
            hostAddresses: [Self.host], startTime: time(0), isTerminating: isTerminating, now: time(10)
        ).build()
    }

    private func spec(_ policy: String = "Always") -> String {
        #"{"restartPolicy":"\#(policy)","containers":[{"name":"web","image":"nginx"}]}"#
    }

    @Test func aNewPodIsPending() throws {
        let status = try build(spec(), [], hasSandbox: false)
        #expect(status.phase == "Pending")
        #expect(status.containerStatuses[0].state.waiting?.reason == "ContainerCreating")
        #expect(status.condition("Initialized")?.isTrue == true)
        #expect(status.condition("Ready")?.reason == "ContainersNotReady")
        #expect(status.condition("Ready")?.message == "containers with unready status: [web]")
        #expect(status.condition("PodReadyToStartContainers")?.isTrue == false)
        #expect(status.qosClass == "BestEffort")
        #expect(status.hostIP == "192.168.1.5")
        #expect(status.podIP == "")
    }

    @Test func aRunningPodIsReady() throws {
        let status = try build(spec(), [run("web", .running)])
        #expect(status.phase == "Running")
        let entry = status.containerStatuses[0]
        #expect(entry.containerID == "edge://id-web-0")
        #expect(entry.imageID == "ref")
        #expect(entry.ready)
        #expect(entry.started == true)
        #expect(entry.state.running?.startedAt == time(1))
        #expect(status.isTrue("Ready"))
        #expect(status.podIP == "10.42.0.9")
        #expect(status.podIPs.map(\.ip) == ["10.42.0.9"])
        #expect(status.startTime == time(0))
    }

    @Test(arguments: [
        ("Always", 0, "Running"), ("Always", 1, "Running"), ("OnFailure", 0, "Succeeded"),
        ("OnFailure", 1, "Running"),
        ("Never", 0, "Succeeded"), ("Never", 1, "Failed"),
    ])
    func phaseAfterTheEnd(_ policy: String, _ code: Int, _ phase: String) throws {
        let status = try build(spec(policy), [run("web", ended(code))])
        #expect(status.phase == phase)
        let entry = status.containerStatuses[0]
        #expect(entry.state.terminated?.exitCode == code)
        #expect(entry.state.terminated?.message == "bye")
        #expect(!entry.ready)
        if phase == "Succeeded" { #expect(status.condition("Ready")?.reason == "PodCompleted") }
        if phase == "Failed" { #expect(status.condition("Ready")?.reason == "PodFailed") }
    }

    @Test func crashLoop() throws {
        let wait = WaitingReason(reason: "CrashLoopBackOff", message: "back-off 10s")
        let status = try build(
            spec(), [run("web", ended(0)), run("web", ended(1), attempt: 1)], waiting: ["web": wait])
        #expect(status.phase == "Running")
        let entry = status.containerStatuses[0]
        #expect(entry.state.waiting?.reason == "CrashLoopBackOff")
        #expect(entry.lastState.terminated?.exitCode == 1)
        #expect(entry.restartCount == 1)
    }

    @Test func lastStateIsThePreviousRun() throws {
        let status = try build(spec(), [run("web", ended(3)), run("web", .running, attempt: 1)])
        #expect(status.containerStatuses[0].lastState.terminated?.exitCode == 3)
        #expect(status.containerStatuses[0].restartCount == 1)
    }

    @Test func imagePullBackOff() throws {
        let wait = WaitingReason(reason: "ImagePullBackOff", message: "Back-off pulling image \"nginx\"")
        let status = try build(spec(), [], waiting: ["web": wait])
        #expect(status.phase == "Pending")
        #expect(status.containerStatuses[0].state.waiting?.reason == "ImagePullBackOff")
    }

    @Test func initContainers() throws {
        let spec = """
            {"initContainers":[{"name":"init","image":"i"}],"containers":[{"name":"web","image":"i"}]}
            """
        var status = try build(spec, [run("init", .running)])
        #expect(status.phase == "Pending")
        #expect(status.containerStatuses[0].state.waiting?.reason == "PodInitializing")
        #expect(status.condition("Initialized")?.message == "containers with incomplete status: [init]")
        status = try build(spec, [run("init", ended(0)), run("web", .running)])
        #expect(status.phase == "Running")
        #expect(status.initContainerStatuses[0].ready)
        #expect(status.isTrue("Initialized"))
    }

    @Test func readinessProbe() throws {
        let spec = #"{"containers":[{"name":"web","image":"i","readinessProbe":{"tcpSocket":{"port":1}}}]}"#
        var probes = PodProbeResults()
        probes["id-web-0", .readiness] = false
        #expect(try !build(spec, [run("web", .running)], probes: probes).containerStatuses[0].ready)
        probes["id-web-0", .readiness] = true
        #expect(try build(spec, [run("web", .running)], probes: probes).isTrue("Ready"))
    }

    @Test func readinessGates() throws {
        let spec = #"{"readinessGates":[{"conditionType":"lb"}],"containers":[{"name":"web","image":"i"}]}"#
        let missing = try build(spec, [run("web", .running)])
        #expect(missing.condition("Ready")?.reason == "ReadinessGatesNotReady")
        let there = try build(
            spec, [run("web", .running)], status: #"{"conditions":[{"type":"lb","status":"True"}]}"#)
        #expect(there.isTrue("Ready"))
        #expect(there.isTrue("lb"))
    }

    @Test func terminalPhasesStay() throws {
        let status = try build(spec(), [run("web", .running)], status: #"{"phase":"Failed"}"#)
        #expect(status.phase == "Failed")
    }

    @Test func notTerminalWhileSomethingRuns() throws {
        let pod = try makePod(spec(), status: #"{"phase":"Running"}"#)
        var builder = PodStatusBuilder(
            pod: pod, state: PodRuntimeState(runs: [run("web", .running)]), now: time(10))
        builder.failure = WaitingReason(reason: "DeadlineExceeded", message: "m")
        #expect(builder.build().phase == "Running")
        let ended = PodRuntimeState(runs: [run("web", ended(137))])
        var late = PodStatusBuilder(pod: pod, state: ended, now: time(10))
        late.failure = builder.failure
        #expect(late.build().phase == "Failed")
        #expect(late.build().reason == "DeadlineExceeded")
    }

    @Test(arguments: [(0, "Succeeded"), (143, "Failed")])
    func deletedPods(_ code: Int, _ phase: String) throws {
        #expect(try build(spec(), [run("web", ended(code))], isTerminating: true).phase == phase)
    }

    @Test func thePatchHoldsWhatChanged() throws {
        let pod = try makePod(spec(), status: #"{"phase":"Pending","reason":"Old","podIP":"1.2.3.4"}"#)
        var status = pod.status
        #expect(StatusPatch.make(from: pod.status, to: status, of: pod) == nil)
        status.phase = "Running"
        status.reason = ""
        let patch = StatusPatch.make(from: pod.status, to: status, of: pod)
        #expect(patch?["status"] == ["phase": "Running", "reason": JSONValue.null] as JSONValue)
        #expect(patch?["metadata"]?["uid"] == "uid-1")
    }
}
