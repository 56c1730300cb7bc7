import EdgeAPI
import EdgeBase
import Testing

@testable import EdgeKubelet

/// What there is of a container: `web:run`, `web:0@50` (ended with 0 at second 50), `web:1@50#3` (its fourth run),
/// `web:new` (made, not started); a trailing `*` means: in a sandbox that is gone.
private func state(_ runs: String, sandbox: String = "ready") -> PodRuntimeState {
    var state = PodRuntimeState()
    if sandbox != "none" {
        state.sandboxes = [SandboxRun(id: "s", attempt: 0, created: time(0), isReady: sandbox == "ready")]
    }
    for text in runs.split(separator: " ") {
        let isOld = text.hasSuffix("*")
        let parts = text.drop { $0 == "*" }.split(separator: ":")
        var rest = parts[1].filter { $0 != "*" }[...]
        var attempt = 0
        if let hash = rest.firstIndex(of: "#") {
            attempt = Int(rest[rest.index(after: hash)...]) ?? 0
            rest = rest[..<hash]
        }
        let how: ContainerRun.State
        switch rest {
        case "run": how = .running
        case "new": how = .created
        default:
            let numbers = rest.split(separator: "@").compactMap { Int($0) }
            how = .exited(.init(code: numbers[0], reason: "Error", finished: time(numbers[1])))
        }
        state.runs.append(
            ContainerRun(
                id: "id-\(parts[0])", name: String(parts[0]), attempt: attempt,
                sandboxID: isOld ? "old" : "s",
                created: time(0), started: time(0), state: how))
    }
    return state
}

/// A plan as a line: `sandbox0 start:web kill:web/liveness wait:web@70 end end:DeadlineExceeded reset wake:70`.
private func text(_ plan: PodPlan) -> String {
    var parts: [String] = []
    if let kill = plan.kill {
        parts.append(kill.isFinal ? "end\(kill.reason.isEmpty ? "" : ":" + kill.reason)" : "reset")
    }
    if let attempt = plan.sandboxAttempt { parts.append("sandbox\(attempt)") }
    parts += plan.kills.map { kill in
        let reason =
            switch kill.reason {
            case .livenessProbe: "liveness"
            case .startupProbe: "startup"
            case .definitionChanged: "changed"
            case .notStarted: "stale"
            }
        return "kill:\(kill.name)/\(reason)"
    }
    parts += plan.starts.map { "start:\($0.name)#\($0.attempt)" }
    parts += plan.waits.map { "wait:\($0.name)@\($0.until.seconds - time(0).seconds)" }
    return parts.joined(separator: " ")
}

struct PodPlannerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var spec: String
        var runs: String
        var sandbox = "ready"
        var expected: String
        var testDescription: String { name }
    }

    static let one = #"{"containers":[{"name":"web","image":"i"}]}"#
    static let onFailure = #"{"restartPolicy":"OnFailure","containers":[{"name":"web","image":"i"}]}"#
    static let never = #"{"restartPolicy":"Never","containers":[{"name":"web","image":"i"}]}"#
    static let two =
        #"{"restartPolicy":"Never","containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]}"#
    static let initial = """
        {"initContainers":[{"name":"i1","image":"i"},{"name":"i2","image":"i"}],"containers":[{"name":"web","image":"i"}]}
        """
    static let initialNever = """
        {"restartPolicy":"Never","initContainers":[{"name":"i1","image":"i"}],"containers":[{"name":"web","image":"i"}]}
        """
    static let sidecar = """
        {"initContainers":[{"name":"side","image":"i","restartPolicy":"Always"},{"name":"i2","image":"i"}],
        "containers":[{"name":"web","image":"i"}],"restartPolicy":"Never"}
        """
    static let debugged = """
        {"containers":[{"name":"web","image":"i"}],"ephemeralContainers":[{"name":"dbg","image":"i"}]}
        """

    static let rows: [Row] = [
        Row(name: "a new pod", spec: one, runs: "", sandbox: "none", expected: "sandbox0 start:web#0"),
        Row(name: "sandbox there", spec: one, runs: "", expected: "start:web#0"),
        Row(name: "running", spec: one, runs: "web:run", expected: ""),
        Row(name: "made but never started", spec: one, runs: "web:new", expected: "kill:web/stale"),
        Row(name: "Always restarts a success", spec: one, runs: "web:0@50", expected: "start:web#1"),
        Row(name: "Always restarts a failure", spec: one, runs: "web:1@50#2", expected: "start:web#3"),
        Row(name: "OnFailure restarts a failure", spec: onFailure, runs: "web:1@50", expected: "start:web#1"),
        Row(name: "OnFailure ends with a success", spec: onFailure, runs: "web:0@50", expected: "end"),
        Row(name: "Never ends", spec: never, runs: "web:1@50", expected: "end"),
        Row(name: "Never waits for the others", spec: two, runs: "a:1@50 b:run", expected: ""),
        Row(name: "Never ends with the last one", spec: two, runs: "a:1@50 b:0@51", expected: "end"),
        Row(
            name: "dead sandbox, Always", spec: one, runs: "web:255@50", sandbox: "dead",
            expected: "reset sandbox1 start:web#1"),
        Row(name: "dead sandbox, Never", spec: never, runs: "web:255@50", sandbox: "dead", expected: "end"),
        Row(
            name: "after a boot, Always", spec: one, runs: "web:255@50#4*", sandbox: "none",
            expected: "sandbox0 start:web#5"),
        Row(name: "after a boot, Never", spec: never, runs: "web:255@50*", sandbox: "none", expected: "end"),
        Row(
            name: "first init container", spec: initial, runs: "", sandbox: "none",
            expected: "sandbox0 start:i1#0"),
        Row(name: "init container runs", spec: initial, runs: "i1:run", expected: ""),
        Row(name: "second init container", spec: initial, runs: "i1:0@50", expected: "start:i2#0"),
        Row(name: "init container failed", spec: initial, runs: "i1:1@50", expected: "start:i1#1"),
        Row(name: "init container failed for good", spec: initialNever, runs: "i1:1@50", expected: "end"),
        Row(name: "initialised", spec: initial, runs: "i1:0@50 i2:0@51", expected: "start:web#0"),
        Row(name: "init containers do not run again", spec: initial, runs: "web:run", expected: ""),
        Row(
            name: "new sandbox runs them again", spec: initial, runs: "i1:0@50* i2:0@51* web:1@52*",
            expected: "start:i1#1"),
        Row(name: "sidecar first", spec: sidecar, runs: "", expected: "start:side#0"),
        Row(name: "next one beside the sidecar", spec: sidecar, runs: "side:run", expected: "start:i2#0"),
        Row(name: "sidecar comes back", spec: sidecar, runs: "side:1@50 i2:run", expected: "start:side#1"),
        Row(name: "sidecar before its successor", spec: sidecar, runs: "side:1@50", expected: "start:side#1"),
        Row(
            name: "containers beside the sidecar", spec: sidecar, runs: "side:run i2:0@50",
            expected: "start:web#0"),
        Row(
            name: "sidecar does not keep the pod", spec: sidecar, runs: "side:run i2:0@50 web:0@60",
            expected: "end"),
        Row(name: "ephemeral container", spec: debugged, runs: "web:run", expected: "start:dbg#0"),
        Row(name: "ephemeral container ended", spec: debugged, runs: "web:run dbg:1@50", expected: ""),
    ]

    @Test(arguments: rows)
    func plans(_ row: Row) throws {
        let pod = try makePod(row.spec)
        let plan = PodPlanner.plan(
            PodPlanner(spec: pod.spec, state: state(row.runs, sandbox: row.sandbox), now: time(60)))
        #expect(text(plan) == row.expected)
    }

    @Test func waitsForTheEndOfTheBackoff() throws {
        let pod = try makePod(Self.one)
        let backoff = RestartBackoff.next(after: nil, failed: time(40), now: time(40))
        let planner = PodPlanner(
            spec: pod.spec, state: state("web:1@58#1"), backoffs: ["web": backoff], now: time(60))
        let plan = PodPlanner.plan(planner)
        #expect(text(plan) == "wait:web@68")
        #expect(plan.wakeAt == time(68))
    }

    @Test func endsAtTheDeadline() throws {
        let pod = try makePod(#"{"activeDeadlineSeconds":30,"containers":[{"name":"web","image":"i"}]}"#)
        let early = PodPlanner(spec: pod.spec, state: state("web:run"), startTime: time(0), now: time(20))
        #expect(PodPlanner.plan(early).wakeAt == time(30))
        let late = PodPlanner(spec: pod.spec, state: state("web:run"), startTime: time(0), now: time(30))
        #expect(text(PodPlanner.plan(late)) == "end:DeadlineExceeded")
    }

    @Test(arguments: [(ProbeKind.liveness, "kill:web/liveness"), (.startup, "kill:web/startup")])
    func killsForProbes(_ kind: ProbeKind, _ expected: String) throws {
        let key = kind == .liveness ? "livenessProbe" : "startupProbe"
        let pod = try makePod(
            #"{"containers":[{"name":"web","image":"i","\#(key)":{"tcpSocket":{"port":1},"terminationGracePeriodSeconds":3}}]}"#
        )
        var probes = PodProbeResults()
        probes["id-web", kind] = false
        let plan = PodPlanner.plan(
            PodPlanner(spec: pod.spec, state: state("web:run"), probes: probes, now: time(60)))
        #expect(text(plan) == expected)
        #expect(plan.kills.first?.grace == 3)
    }

    @Test func aSidecarWithAStartupProbeHoldsTheNextOneBack() throws {
        let pod = try makePod(
            """
            {"initContainers":[{"name":"side","image":"i","restartPolicy":"Always","startupProbe":{"tcpSocket":{"port":1}}}],
            "containers":[{"name":"web","image":"i"}]}
            """)
        var planner = PodPlanner(spec: pod.spec, state: state("side:run"), now: time(60))
        #expect(text(PodPlanner.plan(planner)) == "")
        var probes = PodProbeResults()
        probes["id-side", .startup] = true
        planner = PodPlanner(spec: pod.spec, state: state("side:run"), probes: probes, now: time(60))
        #expect(text(PodPlanner.plan(planner)) == "start:web#0")
    }

    @Test func aChangedImageReplacesTheContainer() throws {
        let pod = try makePod(Self.one)
        var present = state("web:run")
        present.runs[0].definition = "web|old"
        var planner = PodPlanner(spec: pod.spec, state: present, now: time(60))
        planner.definition = { ContainerDefinition.name($0) }
        #expect(text(PodPlanner.plan(planner)) == "kill:web/changed")
    }
}

struct RestartBackoffTests {
    @Test func doublesUpToFiveMinutesAndForgetsAfterTen() {
        var backoff = RestartBackoff.next(after: nil, failed: time(0), now: time(0))
        var delays: [Int64] = []
        for step in 1...7 {
            delays.append(backoff.delay.wholeNanoseconds / 1_000_000_000)
            backoff = .next(after: backoff, failed: time(step * 400), now: time(step * 400))
        }
        #expect(delays == [10, 20, 40, 80, 160, 300, 300])
        let rested = RestartBackoff.next(after: backoff, failed: time(2800 + 601), now: time(2800 + 601))
        #expect(rested.delay == .seconds(10))
        #expect(backoff.remaining(since: time(2800), now: time(2900)) == .seconds(200))
        #expect(backoff.remaining(since: time(2800), now: time(3100)) == nil)
    }
}
